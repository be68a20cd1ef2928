# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Linear models from bags of features: how these are weighed, laid out as rows, and fitted.

scikit-learn is met here and nowhere else. (It and scipy are only partly typed, hence the line above.)
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from ..agent.readers.features import WIDTHS, Bag, rarity_weighed
from ..agent.readers.weights import Encoder, Floats, Linear, width


def encoder(fields: tuple[str, ...], bags: Sequence[Bag]) -> Encoder:
    """Rarities from how many bags hold each slot; slots never met weigh nothing new and stay at zero."""
    rarity: dict[str, Floats] = {}
    for field in filter(rarity_weighed, fields):
        seen = np.zeros(1 << WIDTHS[field], np.float32)
        for bag in bags:
            seen[list(bag[field])] += 1
        rarity[field] = np.where(seen > 0, np.log((1 + len(bags)) / (1 + seen)) + 1, 0).astype(np.float32)
    return Encoder(fields, {name: (np.rint(values * 25) / 25).astype(np.float32) for name, values in rarity.items()})


def matrix(encode: Encoder, bags: Sequence[Bag]) -> csr_matrix:
    rows = [encode.row(bag) for bag in bags]
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    return csr_matrix(
        (np.concatenate([values for _, values in rows]), np.concatenate([places for places, _ in rows]), starts),
        shape=(len(bags), width(encode.fields)),
    )


def fit_rows(rows: Any, labels: NDArray[Any], strength: float, weights: NDArray[Any] | None = None) -> Any:
    return LogisticRegression(C=strength, solver="liblinear", max_iter=200, random_state=0).fit(
        rows, labels, sample_weight=weights
    )


def linear(encode: Encoder, fitted: Sequence[Any]) -> Linear:
    table = np.concatenate([model.coef_ for model in fitted]).astype(np.float32)
    return Linear(encode, table, np.concatenate([model.intercept_ for model in fitted]).astype(np.float32))
