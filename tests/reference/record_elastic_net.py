"""Prints what training/regress/regress_test.cpp holds the elastic net against, by scikit-learn."""
import numpy as np
from sklearn.linear_model import ElasticNet

x = np.array([[1, 4, 2], [2, 1, 7], [3, 8, 1], [4, 2, 8], [5, 9, 3], [6, 3, 5], [7, 7, 9], [8, 5, 4]], float)
y = np.array([3, 4, 1, 9, 6, 12, 8, 15], float)
mean, deviation = x.mean(0), x.std(0)
z = (x - mean) / deviation
for l1_share, lambda_share in ((1, 0.3), (0.5, 0.1), (0.1, 0.02)):
    largest = np.abs(z.T @ (y - y.mean()) / len(y)).max() / l1_share
    fitted = ElasticNet(alpha=largest * lambda_share, l1_ratio=l1_share, tol=1e-14, max_iter=10**6).fit(z, y)
    weights = fitted.coef_ / deviation
    print(l1_share, lambda_share, [f"{weight:.9f}" for weight in weights], f"{fitted.intercept_ - (weights * mean).sum():.9f}")
