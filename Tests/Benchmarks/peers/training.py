"""What the peers have in common: the sizes of the jobs that `models/` describes, rows in a new order each epoch, and rounds
on request. NumPy and the standard library only."""
import dataclasses
import json
import math
import pathlib
import sys
import time

import numpy

DIGITS = pathlib.Path(__file__).resolve().parents[3] / "docs/examples/data/digits"


@dataclasses.dataclass
class Sizes:
    """A job without its model: images are 0 to 1, text is bytes that predict bytes, digits are bytes up to 16."""
    batch: int
    optimizer: str
    shape: list
    rows: int

    @property
    def is_text(self):
        return self.shape in ([128], [100])


SIZES = {
    "mlp": Sizes(1024, "adam", [784], 60_000),
    "cnn": Sizes(256, "momentum", [28, 28, 1], 10_240),
    "resnet20": Sizes(128, "momentum", [32, 32, 3], 5_120),
    "gpt": Sizes(32, "adam", [128], 4_096),
    "lstm": Sizes(64, "adam", [100], 4_096),
    "digits": Sizes(128, "momentum", [64], 1_500),
}
LEARNING_RATES = {"adam": 0.001, "momentum": 0.01}


def arrays(name):
    """All rows and their labels, made up but for the digits."""
    sizes, random = SIZES[name], numpy.random.default_rng(1)
    if name == "digits":
        rows, labels = idx("train-images-idx3-ubyte"), idx("train-labels-idx1-ubyte")
        return rows.reshape(len(rows), -1), labels.astype(numpy.int32)
    if sizes.is_text:
        return tuple(random.integers(0, 256, [sizes.rows, *sizes.shape], numpy.uint8) for _ in range(2))
    return (random.random([sizes.rows, *sizes.shape], numpy.float32),
            random.integers(0, 10, sizes.rows, numpy.int32))


def idx(name):
    """The bytes of an IDX file of docs/examples."""
    content = (DIGITS / name).read_bytes()
    ranks = content[3]
    shape = numpy.frombuffer(content, ">u4", ranks, 4)
    return numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * ranks).reshape(shape).copy()


class Order:
    """The numbers of each batch's rows; mixed anew each epoch, of which a rest that fills no batch is dropped."""

    def __init__(self, rows, batch):
        self.random, self.batch, self.next = numpy.random.default_rng(2), batch, 0
        self.order = self.random.permutation(rows)

    def batch_rows(self):
        if self.next + self.batch > len(self.order):
            self.order, self.next = self.random.permutation(len(self.order)), 0
        self.next += self.batch
        return self.order[self.next - self.batch:self.next]


def peak_bytes():
    """The most memory that the process has had."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def tell(**answer):
    print(json.dumps(answer), flush=True)


def seconds_per_step(step, value, steps):
    """Over so many steps; `value` waits for a step's loss."""
    began = time.perf_counter()
    for _ in range(steps):
        loss = step()
    loss = value(loss)
    taken = (time.perf_counter() - began) / steps
    if not math.isfinite(loss):
        raise SystemExit("the loss is not finite")
    return taken


def rounds(**facts):
    """Gives numbers of steps to train and takes the seconds of one of them: some to warm up, then, with the facts told,
    about a second's for each line on stdin."""
    yield 3
    seconds = yield 3
    tell(**facts)
    for _ in sys.stdin:
        seconds = yield min(20_000, max(2, round(1 / seconds)))
        tell(seconds=seconds, peak_bytes=peak_bytes())


def answer_rounds(step, value, **facts):
    """Trains by calls of `step` whenever a line on stdin asks for it; `value` waits for a step's loss."""
    asked = rounds(**facts)
    steps = next(asked)
    while steps:
        try:
            steps = asked.send(seconds_per_step(step, value, steps))
        except StopIteration:
            steps = 0
