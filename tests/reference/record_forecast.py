"""Records what statsmodels says about a series with and without gaps, for src/forecast/baselines_test.cpp.

usage: record_forecast.py OUT.json      (pip install -r requirements-forecast.txt)
"""
import json
import sys
import warnings

import numpy as np
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.holtwinters import SimpleExpSmoothing
from statsmodels.tsa.statespace.structural import UnobservedComponents

warnings.simplefilter("ignore")
HOLD_BACK = 6
rng = np.random.default_rng(20260105)
level = np.cumsum(rng.normal(0, 0.05, 300))
noise = np.zeros(300)
for t in range(2, 300):
    noise[t] = 0.5 * noise[t - 1] - 0.2 * noise[t - 2] + rng.normal(0, 0.1)
series = np.round(0.1 + level + noise, 6)
gaps = sorted(rng.choice(np.arange(1, 300), 40, replace=False).tolist()) + []
with_gaps = series.copy()
with_gaps[gaps] = np.nan

fits = [AutoReg(series, lags=p, hold_back=HOLD_BACK).fit() for p in range(HOLD_BACK + 1)]
best = int(np.argmin([fit.aic for fit in fits]))
ewma = SimpleExpSmoothing(series, initialization_method="known", initial_level=series[0])
smooth = {alpha: ewma.fit(smoothing_level=alpha, optimized=False) for alpha in (0.2, 0.7)}
local = UnobservedComponents(with_gaps, "llevel", use_exact_diffuse=True)
pairs = [(0.01, 0.002), (0.004, 0.01)]
fitted = local.fit(disp=0, maxiter=500, method="powell")
fitted = local.fit(fitted.params, disp=0, maxiter=500)

json.dump({
    "series": series.tolist(),
    "gaps": gaps,
    "ar": [{"p": p, "constant": float(fit.params[0]), "phi": [float(v) for v in fit.params[1:]],
            "aic_less_first": float(fit.aic - fits[0].aic)} for p, fit in enumerate(fits)],
    "best_p": best,
    "ar_ahead": [float(v) for v in fits[best].forecast(10)],
    "ewma": [{"alpha": a, "level": float(f.level[-1]), "sse": float(f.sse)} for a, f in smooth.items()],
    "ewma_alpha": float(ewma.fit(optimized=True, method="L-BFGS-B").params["smoothing_level"]),
    # The diffuse start's own term, −½ log 2π, is no likelihood of a score: taken off.
    "local_level": [{"noise": n, "level": l, "log_likelihood": float(local.loglike([n, l]) + 0.5 * np.log(2 * np.pi)),
                     "filtered": [float(v) for v in local.filter([n, l]).filtered_state[0]]} for n, l in pairs],
    "local_level_ratio": float(fitted.params[1] / fitted.params[0]),
    "local_level_best": float(fitted.llf + 0.5 * np.log(2 * np.pi)),
}, open(sys.argv[1], "w"), indent=1)
