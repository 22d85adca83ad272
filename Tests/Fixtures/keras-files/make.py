#!/usr/bin/env python3
"""Writes this folder's files: models with weights as Keras saves them, and what Keras predicts with them.

    KERAS_BACKEND=jax python make.py 3     with Keras 3 (written with 3.15.1)
    python make.py 2                       with TensorFlow 2.15 and its Keras 2

    KERAS_BACKEND=jax python make.py check FILE.keras keras3
loads a file and compares its predictions with those that are written down here for that model, to the last bit.
"""
import io, json, sys, zipfile
import numpy as np

task = sys.argv[1]
if task == "2":
    import tensorflow
    keras = tensorflow.keras
else:
    import keras
layers = keras.layers


def wide():
    """A layer of each kind that Keras stores in a way of its own."""
    x = keras.Input((4, 3), name="rows")
    inner = keras.Sequential(
        [keras.Input((3,)), layers.Dense(2, name="first"), layers.BatchNormalization(scale=False)], name="inner")
    y = keras.Input((3,))
    nested = keras.Model(y, layers.Dense(2, activation="tanh")(y), name="nested")
    a = layers.MultiHeadAttention(2, 3, name="heads")(x, x)
    a = layers.Bidirectional(layers.LSTM(2), name="both")(a)
    b = layers.TimeDistributed(layers.Dense(3), name="each")(x)
    b = layers.Dropout(0.1)(layers.GRU(3)(b))
    joined = layers.Concatenate()([a, inner(b), nested(b)])
    return keras.Model(x, layers.Dense(1, name="last")(layers.Dense(3)(joined)), name="wide")


def narrow():
    y = keras.Input((2,))
    frozen = keras.Model(y, layers.BatchNormalization(name="statistics")(layers.Dense(2)(y)), name="frozen")
    frozen.layers[1].trainable = False
    return keras.Sequential(
        [keras.Input((3,)), layers.Dense(2), frozen, layers.BatchNormalization(), layers.Dense(2)], name="narrow")


def filled(model, seed):
    random = np.random.default_rng(seed)
    # Variances are positive.
    model.set_weights([random.uniform(0.25, 1.25, w.shape).astype("float32") for w in model.get_weights()])
    return model


def deflated(path):
    """The same archive, compressed; Keras reads both."""
    with zipfile.ZipFile(path) as archive:
        files = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)


def rows(model, seed=9):
    shape = (5,) + tuple(model.inputs[0].shape[1:])
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype("float32")


def record(name, model):
    x = rows(model)
    return {
        "model": json.loads(model.to_json()), "shape": list(x.shape), "rows": x.ravel().tolist(),
        "predictions": model.predict(x, verbose=0).ravel().tolist()}


if task == "check":
    path, name = sys.argv[2:]
    model = keras.models.load_model(path)
    with open("keras3.json") as file:
        wanted = json.load(file)[name]
    found = model.predict(rows(model), verbose=0).ravel().tolist()
    print("equal" if found == wanted["predictions"] else f"{found}\nis not\n{wanted['predictions']}")
    sys.exit(found != wanted["predictions"])

models = {"wide": filled(wide(), 1), "narrow": filled(narrow(), 2)}
models["wide"].save(f"wide{task}.keras")
deflated(f"wide{task}.keras")
models["narrow"].save_weights(f"narrow{task}.weights.h5")
models["narrow"].save(f"narrow{task}.h5")
with open(f"keras{task}.json", "w") as file:
    json.dump({name: record(name, model) for name, model in models.items()}, file)
