"""The keys of a preset, each declared once: what it may hold, its default and a line of help.

Reading, checking, writing and documenting all derive from the fields' metadata (`all_keys()`). A default of
None is a key that may be left out, and `default_words` says what then holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import Enum
from typing import Any, NamedTuple

from bptui.experiment.kinds import (
    Choice,
    Either,
    Flag,
    Integer,
    Kind,
    Labels,
    ListOf,
    Number,
    Rows,
    Text,
)
from bptui.experiment.values import written

FORMAT = 1

# These repeat what nn and data know, so that a preset can be read without NumPy; a test holds them equal.
GENERATORS = ("xor", "xor-cloud", "circle", "gauss", "spiral", "moons", "plane", "sine", "bumps")
FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
SCALES = ("none", "standard", "minmax")
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "gelu", "sin", "linear")
OUTPUTS = (*ACTIVATIONS, "softmax")
INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_normal",
    "uniform",
    "normal",
    "zeros",
)
LOSSES = ("mse", "cross_entropy")
TASKS = ("classification", "regression")
DTYPES = ("float64", "float32")
_ADAM = {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.0}
OPTIMIZERS: dict[str, dict[str, float]] = {
    "sgd": {"weight_decay": 0.0},
    "momentum": {"momentum": 0.9, "weight_decay": 0.0},
    "nesterov": {"momentum": 0.9, "weight_decay": 0.0},
    "rmsprop": {"alpha": 0.99, "eps": 1e-8, "momentum": 0.0, "weight_decay": 0.0},
    "adam": _ADAM,
    "adamw": {**_ADAM, "weight_decay": 0.01},
    "adagrad": {"eps": 1e-10, "lr_decay": 0.0, "weight_decay": 0.0},
}
DEFAULT_ETA = {name: {"sgd": 0.1, "adam": 0.001, "adamw": 0.001}.get(name, 0.01) for name in OPTIMIZERS}
OPTIMIZER_KEYS = ("momentum", "alpha", "beta1", "beta2", "eps", "weight_decay", "lr_decay")
DATA_SUFFIXES = (".csv", ".tsv", ".npz")

LARGEST_SEED = 2**63 - 1
MOST_UNITS = 100_000  # of a layer
MOST_LAYERS = 1_000
MOST_POINTS = 1_000_000
MOST_NOISE = 1e6
MOST_EPOCHS = 10**12


class Effect(Enum):
    """What becomes of a run in which the key is changed."""

    ANEW = "anew"  # another run begins: other examples, other starting weights, another measure
    UPDATES = "updates"  # the same weights go on; the updates to come are other ones
    AT_ONCE = "at once"  # the same weights go on; no update depends on it


class Key(NamedTuple):
    """The declaration of a key."""

    kind: Kind
    help: str
    default_words: str = ""
    effect: Effect = Effect.ANEW


class DeclaredKey(NamedTuple):
    """A key with its place: section "" is the top of the file, `path` is section.name."""

    section: str
    name: str
    kind: Kind
    default: Any
    default_words: str
    required: bool
    help: str
    effect: Effect

    @property
    def path(self) -> str:
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def options(self) -> tuple[str, ...]:
        """The names that it may hold, where they are names."""
        kinds = self.kind.kinds if isinstance(self.kind, Either) else (self.kind,)
        return next((kind.names for kind in kinds if isinstance(kind, Choice)), ())

    def written(self, value: Any) -> str:
        """A value of it, as a file has it."""
        return written(value)


def _key(default: Any, kind: Kind, help: str, default_words: str = "", effect: Effect = Effect.ANEW) -> Any:
    return field(default=default, metadata={"key": Key(kind, help, default_words, effect)})


def _updates(default: Any, kind: Kind, help: str, default_words: str = "") -> Any:
    return _key(default, kind, help, default_words, Effect.UPDATES)


def _at_once(default: Any, kind: Kind, help: str, default_words: str = "") -> Any:
    return _key(default, kind, help, default_words, Effect.AT_ONCE)


def _required(kind: Kind, help: str) -> Any:
    return field(metadata={"key": Key(kind, help)})


_SEED = Integer(0, LARGEST_SEED)
_POSITIVE = Number(above=0)
_NOT_NEGATIVE = Number(low=0)
_SHARE = Number(low=0, below=1)
_COLUMN_NAMES = ListOf(Text(), least=1, noun='a list of column names: ["a", "b"]', brief=True)
_HIDDEN_CHOICE = Choice(ACTIVATIONS)
_ROW_OF_NUMBERS = ListOf(Number(), least=1, noun="a row")


@dataclass(frozen=True)
class DataSpec:
    """[data]: the examples."""

    source: str = _required(
        Choice((*GENERATORS, "table", "file")), 'where the examples come from: a generator, "table" or "file"'
    )
    points: int = _key(200, Integer(1, MOST_POINTS), "how many points a generator draws")
    noise: float = _key(0.0, Number(low=0, high=MOST_NOISE), "how far a generator's points are jittered")
    seed: int = _key(0, _SEED, "draws the points and the split")
    path: str | None = _key(None, Text(), "file: a .csv, .tsv or .npz beside the preset, or bptui:NAME")
    inputs: tuple[Any, ...] | None = _key(
        None,
        Either((Rows(), _COLUMN_NAMES)),
        "table: the rows of inputs; file: the names of the input columns",
        "of a file: all columns but the target",
    )
    targets: tuple[tuple[float, ...], ...] | None = _key(
        None, Rows(flat=True), "table: a row of numbers for each row of inputs"
    )
    labels: tuple[str, ...] | None = _key(None, Labels(), "table: a class for each row of inputs")
    target: str | None = _key(None, Text(), "file: the column to be learned", "the last column")
    task: str | None = _key(None, Choice(TASKS), "classes or numbers", "by the targets")
    image: tuple[int, int] | None = _key(
        None,
        ListOf(Integer(1, MOST_UNITS), least=2, most=2, noun="rows and columns such as [8, 8]"),
        "file: the inputs are the pixels of a picture of so many rows and columns",
        "no picture",
    )
    features: tuple[str, ...] = _key(
        ("x1", "x2"),
        ListOf(Choice(FEATURES), least=1, noun="a list of at least one"),
        "what the network is given of two inputs",
        "the inputs as they are",
    )
    scale: str = _key("none", Choice(SCALES), "how the features are scaled, fitted on the training part")
    target_scale: str = _key("none", Choice(SCALES), "how numbers to be predicted are scaled")
    test_fraction: float = _key(0.0, _SHARE, "the share of the examples that is kept for the test")


@dataclass(frozen=True)
class InitialSpec:
    """[network.initial]: exact starting values."""

    weights: tuple[tuple[tuple[float, ...], ...], ...] = _required(
        ListOf(Rows(), least=1, noun="a matrix a layer"),
        "a matrix a layer, a row for each receiving neuron",
    )
    biases: tuple[tuple[float, ...], ...] = _required(
        ListOf(_ROW_OF_NUMBERS, least=1, noun="a list a layer"), "a list a layer"
    )


@dataclass(frozen=True)
class NetworkSpec:
    """[network]: the layers and how they start."""

    hidden: tuple[int, ...] = _key(
        (8,),
        ListOf(Integer(1, MOST_UNITS), most=MOST_LAYERS, noun="a list such as [4, 4]"),
        "the units of each hidden layer",
    )
    activation: str | tuple[str, ...] = _key(
        "tanh",
        Either((_HIDDEN_CHOICE, ListOf(_HIDDEN_CHOICE, noun="a list with one a hidden layer", brief=True))),
        "the hidden layers' activation, one or one a layer",
    )
    output: str | None = _key(
        None,
        Choice(OUTPUTS),
        "the output's activation",
        "sigmoid for two classes, softmax for more, linear for numbers",
    )
    init: str = _key("glorot_uniform", Choice(INITIALIZERS), "how the weights are drawn; biases start at 0")
    init_scale: float = _key(0.5, _POSITIVE, "the s of uniform, U(-s, s), and of normal, N(0, s^2)")
    dtype: str = _key("float64", Choice(DTYPES), "the numbers it computes with")
    initial: InitialSpec | None = field(default=None)


@dataclass(frozen=True)
class TrainingSpec:
    """[training]: how it learns and when it stops."""

    loss: str | None = _key(
        None, Choice(LOSSES), "what is made small", "cross_entropy for classes, mse for numbers"
    )
    optimizer: str = _updates("sgd", Choice(tuple(OPTIMIZERS)), "the rule of the update")
    momentum: float | None = _updates(
        None, Number(low=0, high=1), "momentum, nesterov, rmsprop: how much of the last change is kept"
    )
    alpha: float | None = _updates(
        None, Number(low=0, high=1), "rmsprop: how much of the mean square is kept"
    )
    beta1: float | None = _updates(None, _SHARE, "adam, adamw: how much of the mean gradient is kept")
    beta2: float | None = _updates(None, _SHARE, "adam, adamw: how much of the mean square is kept")
    eps: float | None = _updates(
        None, _NOT_NEGATIVE, "rmsprop, adam, adamw, adagrad: keeps the divisor above 0"
    )
    weight_decay: float | None = _updates(
        None, _NOT_NEGATIVE, "how strongly the optimizer pulls weights to 0"
    )
    lr_decay: float | None = _updates(None, _NOT_NEGATIVE, "adagrad: how fast the learning rate falls")
    eta: float | None = _updates(
        None, _POSITIVE, "the learning rate", "sgd 0.1, adam and adamw 0.001, the others 0.01"
    )
    batch_size: int | str = _updates(
        32, Either((Integer(1), Choice(("all",)))), "the examples of an update; more than there are means all"
    )
    shuffle: bool = _updates(True, Flag(), "a new order each epoch; a full batch is never reordered")
    epochs: int = _at_once(1000, Integer(0, MOST_EPOCHS), "how many times the examples are gone through")
    seed: int = _key(0, _SEED, "draws the starting weights and the order of the batches")
    l1: float = _updates(0.0, _NOT_NEGATIVE, "the penalty's strength on |w|")
    l2: float = _updates(0.0, _NOT_NEGATIVE, "the penalty's strength on half of w^2")
    stop_loss: float | None = _at_once(
        None, _NOT_NEGATIVE, "stop when an epoch's loss is at or below it", "off"
    )
    patience: int | None = _at_once(
        None, Integer(1), "stop after so many epochs without a lower loss than before", "off"
    )
    speed: float | str = _at_once(
        1000.0, Either((_POSITIVE, Choice(("full",)))), "updates a second at which the app starts"
    )


@dataclass(frozen=True)
class Preset:
    """An experiment as a file says it."""

    data: DataSpec
    format: int = _at_once(FORMAT, Integer(1), "the format of the file, 1")
    title: str | None = _at_once(None, Text(), "its name on screen", "the file's name")
    summary: str = _at_once("", Text(), "one sentence")
    notes: str = _at_once("", Text(), "what to try, what to look for")
    trap: bool = _at_once(False, Flag(), "it is meant to fail, and the chooser says so")
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingSpec = field(default_factory=TrainingSpec)


SECTIONS: dict[str, type[Any]] = {
    "": Preset,
    "data": DataSpec,
    "network": NetworkSpec,
    "network.initial": InitialSpec,
    "training": TrainingSpec,
}
REQUIRED = ("format", "data.source")


def all_keys() -> tuple[DeclaredKey, ...]:
    """Every key of the format, in the order in which a file is written."""
    return _KEYS


def declared(path: str) -> DeclaredKey | None:
    """The key of that path ("training.eta"), None where there is none."""
    return _BY_PATH.get(path)


def goes_on(path: str) -> bool:
    """Whether a run goes on with the same weights where the key of that path is changed; else it starts
    anew."""
    key = declared(path)
    return key is not None and key.effect is not Effect.ANEW


def names(section: str) -> tuple[str, ...]:
    """The keys of a section."""
    return tuple(key.name for key in _KEYS if key.section == section)


def _declared_keys() -> Iterator[DeclaredKey]:
    for section, owner in SECTIONS.items():
        for declared_field in fields(owner):
            if "key" in declared_field.metadata:
                yield _declare(section, declared_field)


def _declare(section: str, declared_field: Field[Any]) -> DeclaredKey:
    key: Key = declared_field.metadata["key"]
    default = None if declared_field.default is MISSING else declared_field.default
    path = f"{section}.{declared_field.name}" if section else declared_field.name
    required = declared_field.default is MISSING or path in REQUIRED
    return DeclaredKey(
        section, declared_field.name, key.kind, default, key.default_words, required, key.help, key.effect
    )


_KEYS = tuple(_declared_keys())
_BY_PATH = {key.path: key for key in _KEYS}
