"""Peer of TransportBenchmark: Sinkhorn's iteration as POT writes it on numpy.

usage: python3 sinkhorn_numpy.py POINTS EPSILON

POINTS normal points in the plane against as many of another normal law, cost |x - y|^2 divided by its maximum,
regularisation EPSILON. "scaling" is POT's ot.sinkhorn (products with exp(-cost/epsilon), the error looked at every
tenth iteration, to an L2 error of 1e-9), "log" is ot.bregman.sinkhorn_log (logarithms of sums of exponentials), of which
ten iterations are timed. Prints the median of five runs. Set OMP_NUM_THREADS to limit numpy's threads.
"""
import statistics
import sys
import time

import numpy as np


def scaling(cost, a, b, epsilon, tolerance=1e-9, most=100_000):
    u = np.ones(len(a)) / len(a)
    kernel = np.exp(cost / -epsilon)
    scaled = (1 / a).reshape(-1, 1) * kernel
    for iteration in range(most):
        v = b / (kernel.T @ u)
        u = 1.0 / (scaled @ v)
        if iteration % 10 == 0 and np.linalg.norm(np.einsum("i,ij,j->j", u, kernel, v) - b) < tolerance:
            break
    return iteration + 1


def log_sum_exp(x, axis):
    top = x.max(axis=axis, keepdims=True)
    return np.log(np.exp(x - top).sum(axis=axis)) + np.squeeze(top, axis)


def log_domain(cost, a, b, epsilon, iterations=10):
    x = -cost / epsilon
    u = np.zeros(len(a))
    for _ in range(iterations):
        v = np.log(b) - log_sum_exp(x + u[:, None], 0)
        u = np.log(a) - log_sum_exp(x + v[None], 1)
    return iterations


def main():
    n, epsilon = int(sys.argv[1]), float(sys.argv[2])
    random = np.random.default_rng(1)
    x = random.standard_normal((n, 2))
    y = 1.5 * random.standard_normal((n, 2)) + 1
    cost = ((x[:, None] - y[None]) ** 2).sum(-1)
    cost /= cost.max()
    mass = np.full(n, 1 / n)
    for name, solve in (("scaling", scaling), ("log", log_domain)):
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            iterations = solve(cost, mass, mass, epsilon)
            seconds.append(time.perf_counter() - start)
        median = statistics.median(seconds)
        print(f"{name}: {median:.3f} s, {iterations} iterations of {1e3 * median / iterations:.2f} ms")


if __name__ == "__main__":
    main()
