#!/usr/bin/env python3
"""What tpud trained, loaded by others: trains two models of digits by the daemon and compares what PyTorch and JAX predict
with its weights, and Keras with its .keras file, and each one's loss with tpud's own evaluation.

    make .venv-bench/ready && .venv-bench/bin/python Tests/Python/exports.py

PyTorch and JAX load the dense model by the lines that docs/models.md shows."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import jax
import keras
import numpy
import torch
from daemon_process import DATA, ROOT, DaemonProcess
from safetensors.torch import load_file

# What predictions may differ by where every program sums in an order of its own: logits have sizes of about 10.
TOLERANCE = 1e-4


def mlp():
    return keras.Sequential([keras.Input([64]), keras.layers.Dense(128, "relu", name="dense"),
                             keras.layers.Dense(64, "relu", name="dense_1"), keras.layers.Dense(10, name="dense_2")])


def cnn():
    return keras.Sequential([keras.Input([8, 8, 1]), keras.layers.Conv2D(8, 3, padding="same", name="conv2d"),
                             keras.layers.BatchNormalization(name="norm"), keras.layers.ReLU(), keras.layers.MaxPooling2D(),
                             keras.layers.Flatten(), keras.layers.Dense(10, name="dense")])


def document(name, model, shape):
    """The job of docs/examples/digits-mlp.json with another model."""
    job = json.loads((ROOT / "docs/examples/digits-mlp.json").read_text())
    job |= {"name": name, "model": json.loads(model.to_json())}
    job["train"]["max_steps"] = 200
    for part in ("train", "evaluate"):
        job[part]["input"]["map"].insert(0, {"reshape": shape})
    return job


def digits():
    """The rows and labels of the evaluation: 3 batches of 96."""
    images = (DATA / "digits/test-images-idx3-ubyte").read_bytes()[16:]
    labels = (DATA / "digits/test-labels-idx1-ubyte").read_bytes()[8:]
    rows = numpy.frombuffer(images, numpy.uint8).reshape(-1, 64)[:288].astype("float32") / 16
    return rows, numpy.frombuffer(labels, numpy.uint8)[:288].astype(int)


def documented(word):
    """The lines of docs/models.md that import a library."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/models.md").read_text(), re.S)
    return next(block for block in blocks if f"import {word}\n" in block)


def by_documented_lines(word, rows):
    names = {"rows": rows}
    exec(documented(word), names)
    return names["predictions"]


def cnn_in_pytorch(rows):
    weights = load_file("model.safetensors")
    conv, norm, dense = torch.nn.Conv2d(1, 8, 3, padding="same"), torch.nn.BatchNorm2d(8, eps=1e-3), torch.nn.Linear(128, 10)
    conv.load_state_dict({"weight": weights["conv2d/kernel"].permute(3, 2, 0, 1), "bias": weights["conv2d/bias"]})
    norm.load_state_dict({"weight": weights["norm/gamma"], "bias": weights["norm/beta"],
                          "running_mean": weights["norm/moving_mean"], "running_var": weights["norm/moving_variance"]},
                         strict=False)
    dense.load_state_dict({"weight": weights["dense/kernel"].T, "bias": weights["dense/bias"]})
    x = torch.nn.functional.max_pool2d(torch.relu(norm.eval()(conv(torch.tensor(rows).permute(0, 3, 1, 2)))), 2)
    return dense(x.permute(0, 2, 3, 1).flatten(1))


def cnn_in_jax(rows):
    weights = {name: value.numpy() for name, value in load_file("model.safetensors").items()}
    x = jax.lax.conv_general_dilated(rows, weights["conv2d/kernel"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    x = x + weights["conv2d/bias"] - weights["norm/moving_mean"]
    x = x * jax.lax.rsqrt(weights["norm/moving_variance"] + 1e-3) * weights["norm/gamma"] + weights["norm/beta"]
    x = jax.nn.relu(x).reshape(-1, 4, 2, 4, 2, 8).max((2, 4))
    return x.reshape(len(x), -1) @ weights["dense/kernel"] + weights["dense/bias"]


def trained(daemon, job):
    """The finished job; its weights and its model lie in the working folder then."""
    status, answer = daemon.call("POST", "/v1/jobs", job)
    assert status in (200, 201), answer
    status, answer = daemon.call("GET", f"/v1/jobs/{answer['id']}?until=terminal&wait=120s", timeout=180)
    assert answer["state"] == "SUCCEEDED", answer
    step = answer["result"]["global_step"]
    path = f"/v1/jobs/{answer['id']}/checkpoints/{step}/model.safetensors"
    pathlib.Path("model.safetensors").write_bytes(daemon.call("GET", path)[1])
    subprocess.run([ROOT / ".build/release/tpuctl", "export", answer["id"], "-o", "trained.keras"], check=True,
                   stdout=subprocess.DEVNULL, env=os.environ | {"TPUD_URL": f"http://127.0.0.1:{daemon.port}"})
    return answer


def loss(predictions, labels):
    return float(-jax.nn.log_softmax(predictions)[numpy.arange(len(labels)), labels].mean())


def main():
    rows, labels = digits()
    images = rows.reshape(-1, 8, 8, 1)
    failures = 0
    with DaemonProcess("--workers", "1") as daemon, tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        # The daemon is started first, by a process without JAX's threads.
        cases = [("mlp", mlp(), rows, [64], lambda x: by_documented_lines("torch", x), lambda x: by_documented_lines("jax", x)),
                 ("cnn", cnn(), images, [8, 8, 1], cnn_in_pytorch, cnn_in_jax)]
        for name, model, x, shape, in_pytorch, in_jax in cases:
            job = trained(daemon, document(name, model, shape))
            wanted = keras.models.load_model("trained.keras").predict(x, verbose=0)
            with torch.no_grad():
                found = {"PyTorch": in_pytorch(x).numpy(), "JAX": numpy.asarray(in_jax(x))}
            difference = {who: float(numpy.abs(each - wanted).max()) for who, each in found.items()}
            own = job["result"]["evaluation"]["loss"]
            losses = {who: abs(loss(each, labels) - own) for who, each in (found | {"Keras": wanted}).items()}
            print(json.dumps({"model": name, "largest_prediction": float(numpy.abs(wanted).max()),
                              "largest_difference_from_keras": difference, "loss": own, "difference_from_tpuds_loss": losses}))
            failures += max(*difference.values(), *losses.values()) > TOLERANCE
    sys.exit(f"{failures} models differ by more than {TOLERANCE:g}" if failures else 0)


if __name__ == "__main__":
    main()
