"""What other people's programs say about some series, for src/trend: SciPy (Theil-Sen with Sen's interval), pymannkendall
(Mann-Kendall plain and after Hamed and Rao), statsmodels (local level, exact diffuse start) and ruptures (PELT, quadratic cost).

usage: record_trend.py OUT.json     (with requirements-trend.txt)
"""
import json
import sys

import numpy as np
import pymannkendall
import ruptures
import scipy.stats
from statsmodels.tsa.statespace.structural import UnobservedComponents

random = np.random.default_rng(20260301)


def autoregressive(n, lag1):
    values = np.empty(n)
    values[0] = random.normal() / np.sqrt(1 - lag1**2)
    for i in range(1, n):
        values[i] = lag1 * values[i - 1] + random.normal()
    return values


def with_gaps(values, share):
    values = values.copy()
    values[random.random(len(values)) < share] = np.nan
    values[0], values[-1] = 40.0, 41.0
    return values


SERIES = {
    "noise_with_trend": 40 + 0.05 * np.arange(60) + random.normal(size=60),
    "ratings": np.round(3 + 0.02 * np.arange(45) + 0.8 * random.normal(size=45)).clip(1, 5),
    "autoregressive": 40 + 2 * autoregressive(120, 0.6),
    "two_shifts": np.r_[random.normal(40, 1, 30), random.normal(43, 1, 25), random.normal(41, 1, 40)],
    "few": np.array([3.0, 4.0, 4.0, 6.0, 5.0]),
    "wandering_with_gaps": with_gaps(40 + np.cumsum(0.4 * random.normal(size=100)) + random.normal(size=100), 0.3),
    "level_only": with_gaps(40 + random.normal(size=60), 0.2),
}


def slope(values):
    day = np.arange(len(values))
    theil = scipy.stats.theilslopes(values, day)
    lags = min(int(10 * np.log10(len(values))), len(values) - 1)
    plain = pymannkendall.original_test(values)
    modified = pymannkendall.hamed_rao_modification_test(values, lag=lags)
    return {
        "per_day": theil.slope, "low": theil.low_slope, "high": theil.high_slope, "at_start": theil.intercept,
        "p_independent": plain.p, "p": modified.p, "variance_factor": modified.var_s / plain.var_s,
    }


def level(values):
    model = UnobservedComponents(values, "local level", use_exact_diffuse=True)
    best = None
    for start in ([1.0, 0.1], [1.0, 0.01], [0.5, 0.5], [1.0, 1e-6]):
        for method in ("nm", "lbfgs", "powell"):
            found = model.fit(start, method=method, maxiter=20000, disp=False)
            if best is None or found.llf > best.llf:
                best = found
    return {
        "noise_variance": best.params[0], "wander_variance": best.params[1], "log_likelihood": best.llf,
        "value": best.smoother_results.smoothed_state[0].tolist(),
        "deviation": np.sqrt(best.smoother_results.smoothed_state_cov[0, 0]).tolist(),
    }


def cuts(values, penalty, least):
    found = ruptures.Pelt(model="l2", min_size=least, jump=1).fit(np.asarray(values)).predict(pen=penalty)
    return {"penalty": penalty, "least": least, "cuts": found[:-1]}


def main():
    out = []
    for name, values in SERIES.items():
        known = values[~np.isnan(values)]
        case = {"name": name, "values": [None if np.isnan(v) else float(v) for v in values]}
        if len(known) == len(values):
            case["slope"] = {key: float(value) for key, value in slope(values).items()}
            ranks = scipy.stats.rankdata(values)
            if len(known) >= 14:
                case["cuts"] = [cuts(values, 6.0, 2), cuts(values, 20.0, 7), cuts(values, 1.0, 3)]
                case["rank_cuts"] = [cuts(ranks, 1500.0, 7), cuts(ranks, 6000.0, 7)]
        if len(known) >= 20:
            case["level"] = level(values)
        out.append(case)
    with open(sys.argv[1], "w") as file:
        json.dump({"made_by": "tests/reference/record_trend.py", "series": out}, file, indent=1)
        file.write("\n")


main()
