"""Records tests/golden/survey_reliability.json: tables of answers, and what others say about their reliability.

Cronbach's alpha with its interval is pingouin's. Omega total is computed here: loadings of one factor by SciPy's general least squares
on the correlations off the diagonal, from 50 starts; nothing of Pyrometer's own way is used.

    record_reliability.py OUT.json
"""
import json
import sys

import numpy as np
import pandas as pd
import pingouin
from scipy.optimize import least_squares


def minres(correlations, random):
    k = len(correlations)
    upper = np.triu_indices(k, 1)
    best = None
    for _ in range(50):
        fit = least_squares(lambda w: correlations[upper] - np.outer(w, w)[upper], random.uniform(-0.9, 0.9, k), bounds=(-1, 1),
                            xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=5000)
        if best is None or fit.cost < best.cost:
            best = fit
    return best.x * (np.sign(best.x.sum()) or 1)


def figures(table, random):
    frame = pd.DataFrame(table)
    alpha, (low, high) = pingouin.cronbach_alpha(data=frame, ci=0.95)
    # pingouin rounds the interval to three digits; its formula without the rounding
    n, k = frame.shape
    from scipy.stats import f
    exact = [1 - (1 - alpha) * f.isf(q, n - 1, (n - 1) * (k - 1)) for q in (0.025, 0.975)]
    assert np.allclose(np.round(exact, 3), [low, high]), (exact, low, high)
    one = {"table": table.tolist(), "alpha": float(alpha), "low": float(exact[0]), "high": float(exact[1])}
    total = frame.sum(axis=1)
    one["item_rest"] = [float(frame[i].corr(total - frame[i])) for i in frame]
    if k >= 3:
        loadings = minres(frame.corr().to_numpy(), random)
        deviations = frame.std(ddof=1).to_numpy()
        common = float((loadings * deviations).sum()) ** 2
        unique = float(((1 - loadings**2) * deviations**2).sum())
        one["loadings"] = loadings.tolist()
        one["omega"] = common / (common + unique)
    return one


def answers(random, people, loadings, top):
    trait = random.normal(size=(people, 1))
    noise = random.normal(size=(people, len(loadings)))
    weights = np.array(loadings)
    latent = trait * weights + noise * np.sqrt(1 - weights**2)
    return np.clip(np.round(top / 2 + latent * top / 4), 0, top).astype(int)


def main():
    random = np.random.default_rng(20260131)
    cases = {
        "ten items, one factor": answers(random, 120, [0.8, 0.7, 0.6, 0.75, 0.65, 0.5, 0.7, 0.55, 0.6, 0.8], 4),
        "three items": answers(random, 40, [0.7, 0.6, 0.8], 6),
        "two items": answers(random, 30, [0.8, 0.8], 5),
        "one item keyed wrongly": answers(random, 80, [0.7, 0.7, -0.6, 0.8, 0.5], 4),
        "hardly anything in common": answers(random, 60, [0.1, 0.2, 0.15, 0.1, 0.2, 0.1], 4),
        "nine items of unlike spread": answers(random, 200, [0.9, 0.4, 0.5, 0.6, 0.7, 0.3, 0.8, 0.6, 0.5], 6) // np.array([1, 2, 1, 3, 1, 1, 2, 1, 1]),
        "four people": answers(random, 4, [0.6, 0.7, 0.8], 6),
    }
    recorded = {name: figures(table, random) for name, table in cases.items()}
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write("{\n" + ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in recorded.items()) + "\n}\n")


main()
