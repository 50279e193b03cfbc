"""Records what SciPy, statsmodels and pingouin say about made-up numbers, for src/stats/stats_test.cpp to be held against.

usage: record_statistics.py OUT.json

The numbers mean nothing; they are drawn with a fixed seed and stand in the file beside the answers. What none of the three
libraries has (Lin's interval, Bonett & Wright's width) is worked out here on another way than in the room.
"""
import json
import math
import sys

import numpy as np
import pandas as pd
import pingouin
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests

# Its tables come with intervals of two decimals else.
for column in ("round.column.CI95", "round.column.CI95%"):
    pingouin.options[column] = None
Z = stats.norm.ppf(0.975)


def ci_of(frame):
    column = next(name for name in frame.columns if name.startswith("CI95"))
    return [list(map(float, ends)) for ends in frame[column]]


def concordance(moments):
    mean_x, mean_y, xx, yy, xy = moments
    return 2 * xy / (xx + yy + (mean_x - mean_y) ** 2)


def lin(x, y):
    """The delta method by numbers: slopes of atanh(ccc) in the five moments, times the moments' covariance under normality.
    Lin divides by n - 2 where the method has n."""
    n = len(x)
    xx, yy, xy = np.var(x), np.var(y), np.mean((x - x.mean()) * (y - y.mean()))
    moments = np.array([x.mean(), y.mean(), xx, yy, xy])
    covariance = np.zeros((5, 5))
    covariance[:2, :2] = [[xx, xy], [xy, yy]]
    covariance[2:, 2:] = [[2 * xx * xx, 2 * xy * xy, 2 * xx * xy], [2 * xy * xy, 2 * yy * yy, 2 * yy * xy],
                          [2 * xx * xy, 2 * yy * xy, xx * yy + xy * xy]]
    slopes = []
    for i in range(5):
        step = 1e-5 * max(1.0, abs(moments[i]))
        at = lambda k: math.atanh(concordance(moments + k * step * np.eye(5)[i]))  # noqa: E731
        slopes.append((8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step))
    error = math.sqrt(np.array(slopes) @ covariance @ np.array(slopes) / (n - 2))
    z = math.atanh(concordance(moments))
    return {"value": concordance(moments), "low": math.tanh(z - Z * error), "high": math.tanh(z + Z * error)}


def bland_altman(x, y):
    d = x - y
    n, bias, sd = len(d), d.mean(), d.std(ddof=1)
    bias_low, bias_high = stats.t.interval(0.95, n - 1, bias, sd / math.sqrt(n))
    if n <= 200:
        ends = [stats.nct.ppf(q, n - 1, Z * math.sqrt(n)) / math.sqrt(n) for q in (0.025, 0.975)]
    else:
        error = stats.t.ppf(0.975, n - 1) * math.sqrt(1 / n + Z * Z / (2 * (n - 1)))
        ends = [Z - error, Z + error]
    return {"bias": bias, "bias_low": bias_low, "bias_high": bias_high, "sd": sd, "lower": bias - Z * sd, "upper": bias + Z * sd,
            "upper_low": bias + ends[0] * sd, "upper_high": bias + ends[1] * sd}


def pairs(x, y):
    r = stats.pearsonr(x, y)
    ends = r.confidence_interval(0.95)
    rho = stats.spearmanr(x, y)
    width = Z * math.sqrt((1 + rho.statistic**2 / 2) / (len(x) - 3)) if len(x) > 3 else math.inf
    model = sm.OLS(y, sm.add_constant(x)).fit()
    middle, far = float(x.mean()), float(x.max() + 3)
    bands = model.get_prediction(np.array([[1, middle], [1, far]])).summary_frame(alpha=0.05)
    slope = model.conf_int()
    return {
        "x": list(x), "y": list(y),
        "pearson": {"r": r.statistic, "low": ends.low, "high": ends.high, "p": r.pvalue},
        "spearman": {"r": rho.statistic, "p": rho.pvalue, "low": math.tanh(math.atanh(rho.statistic) - width),
                     "high": math.tanh(math.atanh(rho.statistic) + width)},
        "mean_abs_diff": float(np.abs(x - y).mean()),
        "bland_altman": bland_altman(x, y),
        "ccc": lin(x, y),
        "line": {"intercept": model.params[0], "slope": model.params[1], "slope_low": slope[1][0], "slope_high": slope[1][1],
                 "intercept_low": slope[0][0], "intercept_high": slope[0][1], "p": model.pvalues[1], "residual_sd": math.sqrt(model.scale),
                 "at": [middle, far], "mean_low": list(bands["mean_ci_lower"]), "mean_high": list(bands["mean_ci_upper"]),
                 "next_low": list(bands["obs_ci_lower"]), "next_high": list(bands["obs_ci_upper"])},
    }


def exact_permutation(x, y):
    def statistic(other):
        return abs(stats.pearsonr(x, other).statistic)  # SciPy's own "two-sided" doubles the smaller tail

    return stats.permutation_test((y,), statistic, permutation_type="pairings", n_resamples=np.inf, alternative="greater").pvalue


def icc(table):
    n, k = table.shape
    frame = pd.DataFrame({"person": np.repeat(np.arange(n), k), "session": np.tile(np.arange(k), n), "value": table.ravel()})
    answer = pingouin.intraclass_corr(frame, targets="person", raters="session", ratings="value")
    ends = ci_of(answer)
    rows = {}
    for i, name in enumerate(("one", "agreement", "consistency")):
        row = answer.iloc[i]
        p = next(row[c] for c in answer.columns if c.lower().startswith("p"))
        rows[name] = {"type": str(row["Type"]), "icc": row["ICC"], "low": ends[i][0], "high": ends[i][1], "f": row["F"],
                      "df1": int(row["df1"]), "df2": int(row["df2"]), "p": p}
    return {"table": table.tolist(), **rows}


def mixed(frame):
    means = frame.groupby("person")["x"].transform("mean")
    grand = frame.groupby("person")["x"].mean().mean()
    design = pd.DataFrame({"intercept": 1.0, "within": frame["x"] - means, "between": means - grand})
    model = sm.MixedLM(frame["y"], design, groups=frame["person"])
    model.reml, model.cov_pen, model.fe_pen = True, None, None

    def at(ratio):
        return sm.regression.mixed_linear_model.MixedLMParams.from_components(fe_params=np.zeros(3), cov_re=np.array([[ratio]]))

    # statsmodels' own fit stops at about 1e-5 and fails at a variance of 0; its likelihood, profiled over the ratio of
    # variances, is taken further here.
    ratio = optimize.minimize_scalar(lambda share: -model.loglike(at(share / (1 - share)), profile_fe=True), bounds=(1e-7, 0.999),
                                     method="bounded", options={"xatol": 1e-10}).x
    ratio = ratio / (1 - ratio)
    if ratio < 1e-5:
        ratio, fe = 0.0, sm.OLS(frame["y"], design).fit().params.to_numpy()
    else:
        fit = model.fit(reml=True, method=["bfgs"], gtol=1e-10)
        fe, _ = model.get_fe_params(at(ratio).cov_re, np.array([]))
        assert np.allclose(fit.fe_params, fe, rtol=1e-4, atol=1e-4) and abs(fit.cov_re.iloc[0, 0] / fit.scale - ratio) < 1e-3 * ratio
    inverse = np.zeros((3, 3))
    squares = 0.0
    for _, rows in frame.groupby("person").indices.items():
        covariance = np.eye(len(rows)) + ratio
        a, b = design.to_numpy()[rows], frame["y"].to_numpy()[rows]
        inverse += a.T @ np.linalg.solve(covariance, a)
        squares += (b - a @ fe) @ np.linalg.solve(covariance, b - a @ fe)
    scale = squares / (len(frame) - 3)
    errors = np.sqrt(np.diag(np.linalg.inv(inverse)) * scale)
    persons, n = frame["person"].nunique(), len(frame)
    out = {"person_variance": ratio * scale, "residual_variance": scale}
    for name, value, error, df in zip(("intercept", "within", "between"), fe, errors, (persons - 2, n - persons - 1, persons - 2)):
        low, high = stats.t.interval(0.95, df, value, error)
        out[name] = {"value": value, "standard_error": error, "df": df, "low": low, "high": high, "p": 2 * stats.t.sf(abs(value / error), df)}
    return out


def repeated_agreement(frame):
    """Variance components of the differences from statsmodels' analysis of variance."""
    d = frame["x"] - frame["y"]
    table = sm.stats.anova_lm(sm.OLS.from_formula("d ~ C(person)", pd.DataFrame({"d": d, "person": frame["person"]})).fit())
    between, within = table["mean_sq"].iloc[0], table["mean_sq"].iloc[1]
    counts = frame.groupby("person").size().to_numpy()
    each = (counts.sum() - (counts**2).sum() / counts.sum()) / (len(counts) - 1)
    sd_between = math.sqrt(max(0.0, (between - within) / each))
    return {"bias": d.mean(), "sd_within": math.sqrt(within), "sd_between": sd_between, "sd": math.sqrt(within + sd_between**2)}


def repeated(frame):
    answer = pingouin.rm_corr(data=frame, x="x", y="y", subject="person")
    p = next(float(answer[c].iloc[0]) for c in answer.columns if c.lower().startswith("p") and c.lower() != "power")
    # rm_corr rounds its interval to two decimals; the function that it calls does not.
    r, df = float(answer["r"].iloc[0]), int(answer["dof"].iloc[0])
    ends = pingouin.compute_esci(stat=r, nx=df + 2, ny=df + 2, eftype="r", decimals=15)
    means = frame.groupby("person")[["x", "y"]].mean()
    between = stats.pearsonr(means["x"], means["y"])
    limits = between.confidence_interval(0.95)
    return {"person": frame["person"].tolist(), "x": frame["x"].tolist(), "y": frame["y"].tolist(),
            "rmcorr": {"r": r, "df": df, "p": p, "low": ends[0], "high": ends[1]},
            "between": {"r": between.statistic, "p": between.pvalue, "low": limits.low, "high": limits.high},
            "mixed": mixed(frame), "agreement": repeated_agreement(frame)}


def sessions(random, counts, person_sd, within, between, scale=10.0):
    rows = []
    for person, count in enumerate(counts):
        level, own = random.normal(50, scale), random.normal(0, person_sd)
        moves = random.normal(0, 6, count)
        y = 20 + between * level + own + within * moves + random.normal(0, 4, count)
        rows += [(person * 7 + 3, level + m, v) for m, v in zip(moves, y)]
    return pd.DataFrame(rows, columns=["person", "x", "y"])


def main(out):
    random = np.random.default_rng(20)
    x = random.normal(50, 12, 30)
    plain = {
        "five": pairs(np.array([41.0, 52.5, 38.0, 70.0, 60.5]), np.array([60.0, 64.0, 66.0, 86.0, 71.0])),
        "thirty": pairs(x, 20 + 0.6 * x + random.normal(0, 8, 30)),
        "ties": pairs(random.integers(0, 6, 80).astype(float), random.integers(0, 5, 80).astype(float)),
        "falling": pairs(x, 100 - 0.8 * x + random.normal(0, 6, 30)),
        "many": pairs(*random.multivariate_normal([1000, 1003], [[4, 2], [2, 5]], 300).T),
    }
    small = plain["five"]
    tied = (np.array([1.0, 2, 2, 3, 4, 4, 5]), np.array([2.0, 1, 3, 3, 3, 5, 4]))
    balanced = random.normal(0, 2, (12, 1)) + random.normal(0, 1, (12, 3)) + np.array([0, 0.5, 1.5])
    noise = random.normal(0, 1, (8, 2))
    shrout = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
    p = [0.001, 0.8, 0.012, 0.04, 0.041, 0.2, 0.012]
    answers = {
        "pairs": plain,
        "permutation": {
            "five": exact_permutation(np.array(small["x"]), np.array(small["y"])),
            "tied": {"x": tied[0].tolist(), "y": tied[1].tolist(), "p": exact_permutation(*tied)},
        },
        "icc": {"shrout_fleiss": icc(shrout), "balanced": icc(balanced), "noise": icc(noise)},
        "repeated": {
            "balanced": repeated(sessions(random, [5] * 12, 8, 0.7, -0.3)),
            "unbalanced": repeated(sessions(random, [2, 3, 7, 1, 4, 9, 2, 5, 3, 6], 5, -0.4, 0.8)),
            "no_person_variance": repeated(sessions(random, [4] * 10, 0, 0.5, 0.5)),
        },
        "corrections": {"p": p, "holm": list(multipletests(p, method="holm")[1]), "fdr_bh": list(multipletests(p, method="fdr_bh")[1])},
        "power": [{"r": r, "n": n, "power": float(pingouin.power_corr(r=r, n=n))} for r in (0.1, 0.3, -0.5, 0.904) for n in (5, 30, 400)],
        "distributions": {
            "normal_cdf": stats.norm.cdf(-1.3), "normal_quantile": stats.norm.ppf(0.9), "t_cdf": stats.t.cdf(0.7, 4.5),
            "t_quantile": stats.t.ppf(0.975, 3), "t_two_sided_p": 2 * stats.t.sf(12.0, 40), "f_upper": stats.f.sf(3.2, 4, 17),
            "f_quantile": stats.f.ppf(0.975, 6, 11), "chi_squared_upper": stats.chi2.sf(7.8, 3), "beta_cdf": stats.beta.cdf(0.3, 2, 5),
            "beta_quantile": stats.beta.ppf(0.05, 0.5, 9),
        },
    }
    with open(out, "w", encoding="utf-8") as file:
        json.dump(answers, file, indent=0, default=float)
        file.write("\n")


main(sys.argv[1])
