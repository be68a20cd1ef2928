"""Linear models over hashed features, and a small network: quantised tables in one `.npz`, and numpy to use them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...knowledge.errors import HandenhetError
from .context import Network, pack_network, unpack_network
from .features import WIDTHS, Bag, rarity_weighed

Floats = NDArray[np.float32]
FILE = "weights.npz"


def offsets(fields: Sequence[str]) -> dict[str, int]:
    """Where each field's table begins when they lie one after the other."""
    starts, at = dict[str, int](), 0
    for field in fields:
        starts[field] = at
        at += 1 << WIDTHS[field]
    return starts


def width(fields: Sequence[str]) -> int:
    return sum(1 << WIDTHS[field] for field in fields)


@dataclass(frozen=True)
class Encoder:
    """Bags to places and values in one long row. `rarity` holds each field's inverse document frequencies."""

    fields: tuple[str, ...]
    rarity: Mapping[str, Floats]

    def row(self, bag: Bag) -> tuple[NDArray[np.int32], Floats]:
        places, values = list[NDArray[np.int32]](), list[Floats]()
        starts = offsets(self.fields)
        for field in self.fields:
            slots = bag[field]
            spots = np.fromiter(slots.keys(), np.int32, len(slots))
            weighed = np.fromiter(slots.values(), np.float32, len(slots))
            if rarity_weighed(field):
                weighed *= self.rarity[field][spots]
                weighed /= math.sqrt(float(weighed @ weighed)) or 1.0
            places.append(starts[field] + spots)
            values.append(weighed)
        return np.concatenate(places), np.concatenate(values)


@dataclass(frozen=True)
class Linear:
    """One row of weights a class, with a bias each."""

    encoder: Encoder
    table: Floats
    """Shape (classes, width)."""
    bias: Floats

    def scores(self, bag: Bag) -> Floats:
        """A log odds a class."""
        places, values = self.encoder.row(bag)
        return self.table[:, places] @ values + self.bias


@dataclass(frozen=True)
class Weights:
    """Everything training found. `turn` and `clause` score (risk, protective), `span` a quote, `factor` each factor;
    `join` weighs their answers together into the log odds that count,
    `acute` scores danger in the words, `reaction` an answer to it, `alarm` weighs them with what else is known;
    `context` hears each line among the others."""

    turn: Linear
    clause: Linear
    span: Linear
    factor: Linear
    join: Linear
    acute: Linear
    reaction: Linear
    alarm: Linear
    context: Network
    factors: tuple[str, ...]
    thresholds: Mapping[str, float]
    trained_on: str
    """A digest of the corpus, part of the reader's version."""


MODELS = ("turn", "clause", "span", "factor", "join", "acute", "reaction", "alarm")


def pack(weights: Weights) -> dict[str, NDArray[Any]]:
    """The arrays to save: tables in eight bits with a scale a row, rarities in eight bits over their span."""
    arrays: dict[str, NDArray[Any]] = {
        "factors": np.array(weights.factors),
        "threshold_names": np.array(sorted(weights.thresholds)),
        "threshold_values": np.array([weights.thresholds[name] for name in sorted(weights.thresholds)], np.float64),
        "trained_on": np.array(weights.trained_on),
    }
    for name in MODELS:
        model: Linear = getattr(weights, name)
        scale = np.maximum(np.abs(model.table).max(axis=1), 1e-9) / 127
        arrays[f"{name}_table"] = np.rint(model.table / scale[:, None]).astype(np.int8)
        arrays[f"{name}_scale"] = scale.astype(np.float32)
        arrays[f"{name}_bias"] = model.bias.astype(np.float32)
        arrays[f"{name}_fields"] = np.array(model.encoder.fields)
        for field, rarity in model.encoder.rarity.items():
            arrays[f"{name}_rarity_{field}"] = np.rint(rarity * 25).astype(np.uint8)
    return arrays | pack_network(weights.context)


def unpack(arrays: Mapping[str, NDArray[Any]]) -> Weights:
    models: dict[str, Linear] = {}
    for name in MODELS:
        fields = tuple(str(field) for field in arrays[f"{name}_fields"])
        rarity = {
            field: (arrays[f"{name}_rarity_{field}"] / 25).astype(np.float32)
            for field in fields
            if rarity_weighed(field)
        }
        table = arrays[f"{name}_table"].astype(np.float32) * arrays[f"{name}_scale"][:, None]
        models[name] = Linear(Encoder(fields, rarity), table, arrays[f"{name}_bias"].astype(np.float32))
    return Weights(
        **models,
        context=unpack_network(arrays),
        factors=tuple(str(factor) for factor in arrays["factors"]),
        thresholds={
            str(name): float(value)
            for name, value in zip(arrays["threshold_names"], arrays["threshold_values"], strict=True)
        },
        trained_on=str(arrays["trained_on"]),
    )


def save(weights: Weights, path: Path) -> None:
    np.savez_compressed(path, allow_pickle=False, **pack(weights))


@cache
def shipped() -> Weights:
    """The weights that ship with the project. Raises HandenhetError where they are missing."""
    file = resources.files(__name__.rpartition(".")[0]).joinpath(FILE)
    if not file.is_file():
        raise HandenhetError("the embedded reader has no weights", where=FILE, mend="run `make train-reader`")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
        return unpack(dict(arrays))
