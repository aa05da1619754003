"""Reads and writes a trained model: one small JSON file of weights, where they come from, and how well they did."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from noroshi.attribute.calibration import Bin
from noroshi.attribute.features import EVIDENCE, PRIOR, UNKNOWN
from noroshi.attribute.logit import Fitted
from noroshi.attribute.scoring import Calibration, Model
from noroshi.errors import Fault, InputError

__all__ = ["FORMAT", "SHIPPED", "ModelFile", "Provenance", "load_model", "save_model", "sha256_of"]

FORMAT = "noroshi-attribution-model-1"
LARGEST = 1 << 22
SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "attack" / "attribution-model.json"
"""The model that ships: trained on ATT&CK Enterprise 8.2 to 14.1. It holds weights of features, none of its text."""


class Provenance(msgspec.Struct, frozen=True):
    """One release that a model was trained on: its name, its day, and the SHA-256 of its file."""

    name: str
    as_of: str
    sha256: str


class ModelFile(msgspec.Struct, frozen=True, kw_only=True):
    """A model file. features: names of the weights, so that a file of other features is refused."""

    format: str
    code_version: str
    trained_on: tuple[Provenance, ...]
    examples: int
    features: tuple[str, ...]
    unknown_features: tuple[str, ...]
    weights: tuple[float, ...]
    unknown_weights: tuple[float, ...]
    temperature: float
    shift: float
    unknown_share: float
    reliability: tuple[Bin, ...]
    slope: float | None = None

    def model(self) -> Model:
        """Return the model to score with."""
        fitted = Fitted(self.weights, self.unknown_weights)
        return Model(fitted, Calibration(self.temperature, self.shift), self.unknown_share)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save_model(path: str | Path, file: ModelFile) -> None:
    """Write a model file; the same model gives the same bytes. InputError where it cannot be written."""
    try:
        Path(path).write_bytes(msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n")
    except OSError as error:
        raise InputError([refusal(path, "missing-file", error.strerror or "", "a file that can be written")]) from None


def load_model(path: str | Path) -> ModelFile:
    """Return a model file. InputError where it is none, or of features that this version does not have."""
    try:
        data = Path(path).read_bytes()
        file = msgspec.json.decode(data[: LARGEST + 1], type=ModelFile)
    except OSError as error:
        raise InputError([refusal(path, "missing-file", error.strerror or "", "a model file")]) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError([refusal(path, "bad-json", str(error), "a model file")]) from None
    if file.format != FORMAT or file.features != (*PRIOR, *EVIDENCE) or file.unknown_features != UNKNOWN:
        raise InputError([refusal(path, "bad-objects", file.format, f"{FORMAT}, with the features of this version")])
    if len(file.weights) != len(file.features) or len(file.unknown_weights) != len(UNKNOWN) or file.temperature <= 0:
        raise InputError([refusal(path, "bad-objects", "weights that do not fit", "one weight a feature")])
    return file


def refusal(path: str | Path, code: str, found: str, expected: str) -> Fault:
    """Return a fault of a model file."""
    return Fault(code, "error", str(path), None, "", found, expected, "train it anew: noroshi attribute train")
