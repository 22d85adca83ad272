"""What Keras makes of the first step of three models of keras.applications: the loss, and for each variable two numbers of
its change, in double precision; and how far Keras itself is off in single precision. Writes the models and
`first-step.json` beside this file:

    KERAS_BACKEND=jax python first_step.py

Initial values, images and classes follow from a rule that the tests have too: number i of seed s is SplitMix64's output
i of that seed, its upper 24 bits / 2^24."""
import gzip
import json
import math
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PRECISION = sys.argv[1] if len(sys.argv) > 1 else None

import jax
jax.config.update("jax_enable_x64", PRECISION == "float64")
import keras
import numpy as np

BATCH, SIZE, CLASSES, RATE = 16, 32, 10, 0.125


def units(seed, count):
    """`count` numbers from 0 to below 1."""
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(40)).astype(np.float64) / 2**24


def initial(place, path, shape):
    """Kernels are uniform by what goes in, variances and gammas 1, all else 0."""
    name, count = path.rsplit("/", 1)[-1], math.prod(shape)
    if name in ("gamma", "moving_variance", "variance"):
        return np.ones(shape, np.float32)
    if "kernel" not in name:
        return np.zeros(shape, np.float32)
    depthwise = len(shape) == 4 and shape[3] == 1 and shape[0] > 1
    goes_in = math.prod(shape[:-1]) // (shape[2] if depthwise else 1)
    return ((2 * units(place, count) - 1) * math.sqrt(3 / goes_in)).astype(np.float32).reshape(shape)


def printed(make):
    """The model's document, without chance: Dropout of nothing."""
    keras.backend.clear_session()
    document = json.loads(make(weights=None, input_shape=(SIZE, SIZE, 3), classes=CLASSES).to_json())
    for layer in document["config"]["layers"]:
        if layer["class_name"] == "Dropout":
            layer["config"]["rate"] = 0.0
    return json.dumps(document)


def first_step(text):
    """The loss and the variables' changes in this process' precision."""
    keras.config.set_floatx(PRECISION)
    model = keras.models.model_from_json(text.replace('"float32"', f'"{PRECISION}"'))
    before = {}
    for place, weight in enumerate(model.weights):
        before[weight.path] = initial(place, weight.path, tuple(weight.shape))
        weight.assign(before[weight.path])
    x = units(1000, BATCH * SIZE * SIZE * 3).astype(np.float32).reshape(BATCH, SIZE, SIZE, 3)
    y = np.arange(BATCH) % CLASSES
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss="sparse_categorical_crossentropy")
    loss = model.fit(x.astype(PRECISION), y, batch_size=BATCH, epochs=1, shuffle=False, verbose=0).history["loss"][0]
    variables = {}
    for place, weight in enumerate(model.weights):
        change = np.asarray(weight.value, np.float64) - before[weight.path]
        signs = np.where(units(2000 + place, change.size) < 0.5, -1.0, 1.0)
        variables[weight.path] = [float(np.linalg.norm(change)), float(change.ravel() @ signs)]
    return {"loss": loss, "variables": variables}


def errors(exact, rounded):
    """Of the loss as a part of it, and of the variables' numbers as a part of the change's length, of which the least that
    counts is a hundredth of the middle one."""
    lengths = sorted(length for length, _ in exact["variables"].values())
    least = lengths[len(lengths) // 2] / 100
    parts = sorted(max(abs(a - b) for a, b in zip(numbers, rounded["variables"][path])) / max(numbers[0], least)
                   for path, numbers in exact["variables"].items())
    return {"loss": abs(rounded["loss"] - exact["loss"]) / exact["loss"], "least_length": least,
            "middle": parts[len(parts) // 2], "worst": parts[-1]}


def main():
    models = {make.__name__: make for make in
              [keras.applications.ResNet50, keras.applications.MobileNetV2, keras.applications.EfficientNetB0]}
    texts = {name: printed(make) for name, make in models.items()}
    if PRECISION:
        keras.backend.clear_session()
        return print(json.dumps({name: first_step(text) for name, text in texts.items()}))
    exact, rounded = (json.loads(subprocess.run([sys.executable, __file__, precision], check=True, capture_output=True,
                                                text=True).stdout.splitlines()[-1])
                      for precision in ("float64", "float32"))
    facts = {}
    for name, text in texts.items():
        (HERE / f"{name}-{SIZE}.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
        facts[name] = {"loss": exact[name]["loss"], "single_precision": errors(exact[name], rounded[name]),
                       "variables": exact[name]["variables"]}
    (HERE / "first-step.json").write_text(json.dumps(facts))


main()
