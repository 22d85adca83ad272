"""Writes the jobs that the bench trains, beside this file; run as docs/examples/models.py, whose models it takes."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "docs/examples"))
from models import LOGITS, document, gpt, resnet20, write

MOMENTUM = {"SGD": {"learning_rate": 0.01, "momentum": 0.9}}
ADAM = {"Adam": {"learning_rate": 0.001}}


def job(name, model, batch, optimizer, iterations, features, labels, examples):
    """One job on made-up rows, whose device loops take about a second."""
    write(HERE / f"{name}.json", {
        "name": name, "mode": "train", "train_batch_size": batch,
        "tpu_config": {"num_shards": 1, "iterations_per_loop": iterations},
        "run_config": {"save_checkpoints_steps": 1_000_000_000}, "model": model, "loss": LOGITS,
        "optimizer": optimizer,
        "train": {"max_steps": 1_000_000_000, "input": {
            "source": {"synthetic": {"features": features, "labels": labels, "examples": examples, "seed": 1}},
            "shuffle": {"buffer_size": examples}}}})


def convolution(filters):
    return {"Conv2D": {"filters": filters, "kernel_size": 5, "padding": "same", "activation": "relu"}}


def dense(units, activation="relu"):
    return {"Dense": {"units": units, "activation": activation}}


def main():
    classes = {"classes": 10}
    images = {"shape": [28, 28, 1], "dtype": "float32"}
    job("mlp", [dense(512), dense(512), dense(10, "linear")], 1024, ADAM, 16,
        {"shape": [784], "dtype": "float32"}, classes, 60_000)
    job("cnn", [convolution(32), "MaxPooling2D", convolution(64), "MaxPooling2D", "Flatten", dense(1024),
                dense(10, "linear")], 256, MOMENTUM, 3, images, classes, 10_240)
    job("resnet20", document(resnet20([32, 32, 3])), 128, MOMENTUM, 2,
        {"shape": [32, 32, 3], "dtype": "float32"}, classes, 5_120)
    text = {"shape": [128], "dtype": "uint8"}
    job("gpt", document(gpt(blocks=4, width=256, heads=4, length=128)), 32, ADAM, 1, text, text, 4_096)
    text = {"shape": [100], "dtype": "uint8"}
    job("lstm", [{"Embedding": {"input_dim": 256, "output_dim": 128}},
                 {"LSTM": {"units": 256, "return_sequences": True}}, dense(256, "linear")], 64, ADAM, 2,
        text, text, 4_096)


if __name__ == "__main__":
    main()
