"""Writes the jobs of this folder whose models are large, with the models as Keras 3 prints them:

    python -m venv /tmp/keras && /tmp/keras/bin/pip install keras jax
    KERAS_BACKEND=jax /tmp/keras/bin/python docs/examples/models.py

What Keras fills in by itself is left out of the files; `keras.models.model_from_json` loads each model back.
"""
import json
import pathlib

import keras
from keras import layers


def resnet20(shape, classes=10, enlarged=1):
    """He et al., 2015: three stages of three blocks with 16, 32 and 64 channels; shortcuts by 1×1 convolutions."""
    def norm(x, name, relu=True):
        x = layers.BatchNormalization(momentum=0.9, name=f"{name}_bn")(x)
        return layers.ReLU(name=f"{name}_relu")(x) if relu else x

    def convolution(x, channels, name, size=3, strides=1):
        return layers.Conv2D(channels, size, strides=strides, padding="same", use_bias=False,
                             kernel_initializer="he_normal", name=f"{name}_conv")(x)

    image = keras.Input(shape, name="image")
    x = layers.UpSampling2D(enlarged, name="enlarge")(image) if enlarged > 1 else image
    x = norm(convolution(x, 16, "stem"), "stem")
    for stage, channels in enumerate([16, 32, 64]):
        for block in range(3):
            name, strides = f"stage{stage}_block{block}", 2 if stage and not block else 1
            y = norm(convolution(x, channels, f"{name}_1", strides=strides), f"{name}_1")
            y = norm(convolution(y, channels, f"{name}_2"), f"{name}_2", relu=False)
            if strides > 1:
                x = norm(convolution(x, channels, f"{name}_short", 1, strides), f"{name}_short", relu=False)
            x = layers.ReLU(name=f"{name}_relu")(layers.Add(name=f"{name}_add")([x, y]))
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(image, layers.Dense(classes, name="classes")(x), name="resnet20")


def gpt(blocks, width, heads, length, tokens=256):
    """A transformer that predicts the next byte. The dense layer behind the table has a bias for each step of
    the sequence: learned positions."""
    def norm(x, name):
        return layers.LayerNormalization(epsilon=1e-5, name=name)(x)

    sequence = keras.Input([length], dtype="int32", name="bytes")
    x = layers.Embedding(tokens, width, name="table")(sequence)
    x = layers.EinsumDense("btd,de->bte", output_shape=[length, width], bias_axes="te", name="positions")(x)
    for block in range(blocks):
        name = f"block{block}"
        y = norm(x, f"{name}_norm1")
        y = layers.MultiHeadAttention(heads, width // heads, name=f"{name}_attention")(y, y, use_causal_mask=True)
        x = layers.Add(name=f"{name}_add1")([x, y])
        y = norm(x, f"{name}_norm2")
        y = layers.Dense(4 * width, activation="gelu", name=f"{name}_wide")(y)
        y = layers.Dense(width, name=f"{name}_narrow")(y)
        x = layers.Add(name=f"{name}_add2")([x, y])
    return keras.Model(sequence, layers.Dense(tokens, name="logits")(norm(x, "norm")), name="gpt")


def document(model):
    """The model's document without what Keras fills in by itself, checked by loading it."""
    def without(layer):
        kind = getattr(layers, layer["class_name"])
        made = kind.from_config(layer["config"])
        plain = {"dtype", "build_config", "sparse", "ragged", "optional", "lora_rank", "quantization_config"}
        config = {key: value for key, value in layer["config"].items()
                  if value is not None and not (key in plain and layer["class_name"] != "InputLayer")}
        for key in ["sparse", "ragged", "optional"]:
            config.pop(key, None)
        short = {key: layer[key] for key in ["class_name", "name", "inbound_nodes"]}
        # One by one, what changes nothing when it is left out.
        for key in list(config):
            less = {k: v for k, v in config.items() if k != key}
            try:
                if kind.from_config(less).get_config() == made.get_config():
                    config = less
            except (TypeError, ValueError):
                pass
        return short | {"module": "keras.layers", "config": config}

    printed = json.loads(model.to_json())
    printed["config"]["layers"] = [without(layer) for layer in printed["config"]["layers"]]
    printed = {key: printed[key] for key in ["module", "class_name", "config"]}
    again = keras.models.model_from_json(json.dumps(printed))
    assert again.count_params() == model.count_params()
    assert [w.path for w in again.weights] == [w.path for w in model.weights]
    return printed


def write(path, job):
    """The job with a line for each member, and in the model for each layer."""
    model = job["model"]
    lines = []
    for key, value in job.items():
        text = json.dumps(value)
        if key == "model" and isinstance(model, dict):
            head = {name: value for name, value in model["config"].items() if name != "layers"}
            rows = ",\n".join(f"      {json.dumps(layer)}" for layer in model["config"]["layers"])
            text = (f'{{"module": {json.dumps(model["module"])}, "class_name": {json.dumps(model["class_name"])},\n'
                    f'    "config": {json.dumps(head)[:-1]}, "layers": [\n{rows}\n    ]}}}}')
        if key == "model" and isinstance(model, list):
            text = "[\n" + ",\n".join(f"    {json.dumps(layer)}" for layer in model) + "\n  ]"
        if key in ("train", "evaluate"):
            rows = ",\n".join(f"    {json.dumps(name)}: {json.dumps(member)}" for name, member in value.items())
            text = f"{{\n{rows}\n  }}"
        lines.append(f"  {json.dumps(key)}: {text}")
    pathlib.Path(path).write_text("{\n" + ",\n".join(lines) + "\n}\n")
    assert json.loads(pathlib.Path(path).read_text()) == job


LOGITS = {"SparseCategoricalCrossentropy": {"from_logits": True}}


def digits(part, shape):
    """The input of one part of the digits, of that shape and up to 1."""
    return {"source": {"idx": {"features": f"digits/{part}-images-idx3-ubyte",
                               "labels": f"digits/{part}-labels-idx1-ubyte"}},
            "map": [{"reshape": shape}, {"cast": "float32"}, {"scale": 0.0625}]}


def text(part, length, stride):
    """The input of one part of the text in sequences."""
    return {"source": {"text": {"path": f"shakespeare/{part}.txt", "sequence_length": length,
                                "sequence_stride": stride}}}


def main():
    here = pathlib.Path(__file__).parent
    write(here / "digits-resnet20.json", {
        "name": "digits-resnet20", "mode": "train_and_evaluate", "train_batch_size": 128, "eval_batch_size": 96,
        "tpu_config": {"num_shards": 8, "iterations_per_loop": 10},
        "run_config": {"random_seed": 42, "save_checkpoints_steps": 100},
        "model": document(resnet20([8, 8, 1], enlarged=2)), "loss": LOGITS,
        "optimizer": {"SGD": {"learning_rate": {"CosineDecay": {"initial_learning_rate": 0.1, "decay_steps": 200}},
                              "momentum": 0.9, "weight_decay": 0.0001}},
        "metrics": ["accuracy"],
        "train": {"max_steps": 200, "input": digits("train", [8, 8, 1]) | {"shuffle": {"buffer_size": 1500}}},
        "evaluate": {"steps": 3, "input": digits("test", [8, 8, 1])}})
    write(here / "shakespeare-gpt.json", {
        "name": "shakespeare-gpt", "mode": "train_and_evaluate", "train_batch_size": 32, "eval_batch_size": 32,
        "tpu_config": {"num_shards": 8, "iterations_per_loop": 10},
        "run_config": {"random_seed": 42, "save_checkpoints_steps": 200},
        "model": document(gpt(blocks=4, width=128, heads=4, length=128)), "loss": LOGITS,
        "optimizer": {"Adam": {"learning_rate": {"CosineDecay": {
            "initial_learning_rate": 0.0, "warmup_target": 0.002, "warmup_steps": 30, "decay_steps": 270}},
            "global_clipnorm": 1.0}},
        "metrics": ["accuracy"],
        "train": {"max_steps": 300, "input": text("train", 128, 8) | {"shuffle": {"buffer_size": 20000}}},
        "evaluate": {"steps": 3, "input": text("test", 128, 128)}})


if __name__ == "__main__":
    main()
