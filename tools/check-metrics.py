"""Computes the scores of @tgan/metrics by NumPy and SciPy, independently, on random features.

    python3 tools/check-metrics.py          # compares with the fixture; fails where a value differs
    python3 tools/check-metrics.py --write  # writes the fixture

The tests of @tgan/metrics compare the library with the same fixture. Both sides draw the same
features from a small generator whose arithmetic is exact. Needs numpy and scipy.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

FIXTURE = Path(__file__).parent.parent / "libs/metrics/src/testing/scipy-scores.json"


def features(seed, count, size, shift=0.0, scale=1.0):
    """Sums of four uniform numbers, each row mixed along its columns."""
    state = seed
    rows = np.zeros((count, size))
    for i in range(count):
        before = 0.0
        for k in range(size):
            total = 0.0
            for _ in range(4):
                state = (1664525 * state + 1013904223) % 2**32
                total += state / 2**32 - 0.5
            before = total + 0.5 * before
            rows[i, k] = scale * before + shift
    return rows


def probabilities(seed, count, classes):
    state = seed
    rows = np.zeros((count, classes))
    for i in range(count):
        for c in range(classes):
            state = (1664525 * state + 1013904223) % 2**32
            uniform = (state + 1) / 2**32
            rows[i, c] = uniform * uniform * uniform * uniform
    return rows / rows.sum(axis=1, keepdims=True)


def frechet(x, y):
    """By a general matrix square root, as most published code does."""
    s1, s2 = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    root = sqrtm(s1 @ s2)
    assert np.abs(root.imag).max() < 1e-6
    return np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(s1 + s2 - 2 * root.real)


def frechet_of_few(x, y):
    """By the singular values of the product of the centered features: exact without full rank."""
    a = (x - x.mean(0)) / np.sqrt(len(x) - 1)
    b = (y - y.mean(0)) / np.sqrt(len(y) - 1)
    nuclear = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    return np.sum((x.mean(0) - y.mean(0)) ** 2) + np.sum(a**2) + np.sum(b**2) - 2 * nuclear


def kernel(x, y):
    def k(a, b):
        return (a @ b.T / a.shape[1] + 1) ** 3

    n, m = len(x), len(y)
    xx, yy = k(x, x), k(y, y)
    within_x = (xx.sum() - np.trace(xx)) / (n * (n - 1))
    within_y = (yy.sum() - np.trace(yy)) / (m * (m - 1))
    return within_x + within_y - 2 * k(x, y).mean()


def neighbors(x, y, k):
    def reach(a):
        distances = np.sort(cdist(a, a), axis=1)
        return distances[:, k]  # column 0 is the row itself

    between = cdist(x, y)
    reach_x, reach_y = reach(x), reach(y)
    near_y = between <= reach_y[None, :]
    return {
        "precision": near_y.any(1).mean(),
        "recall": (between <= reach_x[:, None]).any(0).mean(),
        "density": near_y.sum() / (k * len(x)),
        "coverage": near_y.any(0).mean(),
    }


def inception(p, splits, epsilon):
    scores = []
    for split in range(splits):
        part = p[split::splits]
        marginal = part.mean(0)
        divergence = part * (np.log(part + epsilon) - np.log(marginal + epsilon))
        scores.append(np.exp(divergence.sum(1).mean()))
    return np.mean(scores)


def bicubic(image, height, width):
    """One pixel after the other: half-pixel centers, edges repeated, nothing smoothed first."""
    a = -0.75

    def coefficients(t):
        return [
            a * (t + 1) ** 3 - 5 * a * (t + 1) ** 2 + 8 * a * (t + 1) - 4 * a,
            (a + 2) * t**3 - (a + 3) * t**2 + 1,
            (a + 2) * (1 - t) ** 3 - (a + 3) * (1 - t) ** 2 + 1,
            a * (2 - t) ** 3 - 5 * a * (2 - t) ** 2 + 8 * a * (2 - t) - 4 * a,
        ]

    result = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            y = (i + 0.5) * image.shape[0] / height - 0.5
            x = (j + 0.5) * image.shape[1] / width - 0.5
            top, left = int(np.floor(y)), int(np.floor(x))
            for p, wy in enumerate(coefficients(y - top)):
                for q, wx in enumerate(coefficients(x - left)):
                    row = min(max(top - 1 + p, 0), image.shape[0] - 1)
                    column = min(max(left - 1 + q, 0), image.shape[1] - 1)
                    result[i, j] += wy * wx * image[row, column]
    return result


def gam(first, second):
    """Scores are 'how real'. Above 1 the first wins, as in the Temporal GAN's table."""

    def threshold(own_real, own_fake):
        best, at = 2.0, None
        values = np.unique(np.concatenate([own_real, own_fake]))
        for cut in np.concatenate([(values[1:] + values[:-1]) / 2]):
            error = np.mean(own_real < cut) + np.mean(own_fake >= cut)
            if error < best:
                best, at = error, cut
        return at

    cut1 = threshold(first["ownReal"], first["ownFake"])
    cut2 = threshold(second["ownReal"], second["ownFake"])
    return {
        "sampleRatio": np.mean(second["otherFake"] >= cut2) / np.mean(first["otherFake"] >= cut1),
        "testRatio": np.mean(first["testReal"] < cut1) / np.mean(second["testReal"] < cut2),
    }


def critic(seed, count):
    """Four sets of scores of one critic: real ones half a unit higher."""
    columns = features(seed, count, 4)
    return {
        "ownReal": columns[:, 0] + 0.5,
        "ownFake": columns[:, 1],
        "testReal": columns[:, 2] + 0.5,
        "otherFake": columns[:, 3],
    }


def compute():
    x = features(1, 300, 24, shift=0.25, scale=1.25)
    y = features(2, 260, 24)
    few_x, few_y = features(3, 60, 512), features(4, 60, 512, shift=0.125)
    p = probabilities(5, 200, 10)
    return {
        "frechet": frechet(x, y),
        "frechetOfFew": frechet_of_few(few_x, few_y),
        "kernel": kernel(x, y),
        "kernelOfFew": kernel(few_x, few_y),
        "neighbors3": neighbors(x, y, 3),
        "neighbors5": neighbors(x, y, 5),
        "inception": inception(p, 1, 0),
        "inceptionOfTemporalGan": inception(p, 1, 1e-7),
        "inceptionIn10Splits": inception(p, 10, 0),
        "gam": gam(critic(6, 400), critic(7, 400)),
        "bicubic": bicubic(features(8, 5, 7), 8, 4).ravel().tolist(),
    }


def flat(values, prefix=""):
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield from flat(dict(enumerate(value)), f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", float(value)


def main():
    computed = compute()
    if "--write" in sys.argv:
        text = json.dumps(computed, indent=2, default=float)
        FIXTURE.write_text(text + "\n")
        return
    expected = dict(flat(json.loads(FIXTURE.read_text())))
    worst = max(abs(value / expected[name] - 1) for name, value in flat(computed))
    print(f"{len(expected)} values, the worst off by {worst:.1e}")
    if worst > 1e-9:
        sys.exit("they differ from the fixture")


main()
