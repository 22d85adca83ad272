"""Values at the edges of what a reader expects, and JSON text that holds them."""
import json

NUMBERS = [
    0, -1, 1, 2, 3, 7, 8, 16, 127, 255, 256, 1000, 10_000, 10_001, 65_535, 65_536, 1_000_001, 1 << 20, (1 << 24) - 1,
    1 << 24, (1 << 24) + 1, 315_360_000, 315_360_001, (1 << 31) - 1, 1 << 31, (1 << 31) + 1, (1 << 32) - 1, 1 << 32,
    1 << 40, 1 << 48, (1 << 53) - 1, 1 << 53, (1 << 53) + 1, 1 << 62, (1 << 63) - 1, 1 << 63, -(1 << 63),
    -(1 << 63) - 1, (1 << 64) - 1, 1 << 64, 10**30, 0.5, -0.0, 1e-300, 5e-324, 1e12, 9.2e12, 1e13, 1e15, 9e18, 1e19,
    1e21, 1e38, 3.5e38, 1e300, 1.7976931348623157e308,
]


class Literal(str):
    """A number as its characters are to be in the text."""


LITERALS = [
    Literal(text) for text in (
        "1e400", "-1e400", "1E+99999999999", "1e-99999999999999999999", "128.0", "1.28e2", "0.1e1", "9" * 400,
        "0." + "0" * 400 + "1", "-0", "1e0", "4611686018427387904", "1.0e0")
]

STRINGS = [
    "", " ", "a" * 64, "a" * 201, "a" * 5000, "\0", "\x1b[2J", "\n", "\u202e", "\u2066x", "é", "e\u0301",
    "\U0001F600" * 70, "../..", "/etc/passwd", "NaN", "inf", "30s", "5m", "1e300h", "relu", "adam", "SGD", "Dense",
    "mse", "float32", "int64", "bool", "uint64", "bfloat16", "train", "evaluate", "loss", "global_step", "batch_size",
    "%s%n", "digits/train-images-idx3-ubyte", "digits/none", "https://x/y", "\ud7ff", "\uffff", "dense/kernel", "a/b",
    "//", "~1~0", ":0", "dense/kernel:0",
]

QUERY = [
    "", "0", "-0", "1", "-1", "+1", "010", "%2B10", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551616", "9" * 400, "1e308", "1e308s", "NaN", "inf", "true", "false",
    "QUEUED", "terminal", "0.0001s", "1ms", "999999999999999999", "999999999999999999h", "a=b", "=b", "a=", "a%3Db",
    "%00", "%ff", "%e2%80%ae", "%F0%9F%98%80", "x" * 300, "01arz3ndektsv4rrffq69g5fav", "7" + "z" * 25, "0" * 26,
    "loss", "+", "%2B5",
]


def value(random, depth=0):
    """Anything, most often a number."""
    kind = random.random()
    if kind < 0.45:
        return random.choice(NUMBERS) if random.random() < 0.7 else random.randint(-5, 5) * random.choice(
            [1, 1 << 10, 1 << 31])
    if kind < 0.52:
        return random.choice(LITERALS)
    if kind < 0.72:
        return random.choice(STRINGS)
    if kind < 0.80 or depth > 3:
        return random.choice([None, True, False])
    if kind < 0.90:
        return [value(random, depth + 1) for _ in range(random.choice([0, 1, 1, 2, 3, 5, 33]))]
    if kind < 0.95:
        return [random.choice(NUMBERS)] * random.choice([1, 2, 3, 4, 16, 32, 33, 100, 1001])
    names = STRINGS + ["units", "shape", "seed", "Dense", "class_name", "config"]
    return {random.choice(names): value(random, depth + 1) for _ in range(random.choice([0, 1, 2]))}


def text(value):
    """JSON text; a Literal as it is."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    return json.dumps(value)
