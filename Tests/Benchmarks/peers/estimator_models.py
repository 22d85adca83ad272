#!/usr/bin/env python3
"""TensorFlow's side of the comparison: estimator_models.py MODEL trains one of the models by TPUEstimator with use_tpu=False,
fed by tf.data, in rounds: a line on stdin asks for one, a JSON line on stdout answers.

One call of `train` does all rounds; a hook holds it between them, so that neither the graph's building nor a checkpoint
is in a round."""
import os
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow
import training

tf = tensorflow.compat.v1
layers = tensorflow.keras.layers


def digits():
    return [layers.Dense(128, "relu"), layers.Dense(64, "relu"), layers.Dense(10)]


def cnn():
    return [layers.Conv2D(32, 5, padding="same", activation="relu"), layers.MaxPooling2D(),
            layers.Conv2D(64, 5, padding="same", activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
            layers.Dense(1024, "relu"), layers.Dense(10)]


NETS = {"digits": digits, "cnn": cnn}
NAME = sys.argv[1]


def model_fn(features, labels, mode, params):
    for layer in NETS[NAME]():
        features = layer(features)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, features)
    optimizer = tf.train.MomentumOptimizer(training.LEARNING_RATES["momentum"], 0.9)
    return tf.estimator.tpu.TPUEstimatorSpec(
        mode, loss=loss, train_op=optimizer.minimize(loss, tf.train.get_global_step()))


def input_fn(params):
    x, y = training.arrays(NAME)
    rows = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).repeat()
    rows = rows.batch(params["batch_size"], drop_remainder=True)
    if NAME == "digits":
        rows = rows.map(lambda x, y: (tf.cast(x, tf.float32) * 0.0625, y))
    return rows.prefetch(tf.data.AUTOTUNE)


class Rounds(tf.train.SessionRunHook):
    """Holds the training after each round until the next one is asked for."""

    def begin(self):
        self.rounds = training.rounds(version=f"TensorFlow {tensorflow.__version__}", way="TPUEstimator, use_tpu=False")
        self.steps = self.left = next(self.rounds)

    def after_create_session(self, session, coordinator):
        self.began = time.perf_counter()

    def after_run(self, run_context, run_values):
        self.left -= 1
        if self.left:
            return
        try:
            self.steps = self.left = self.rounds.send((time.perf_counter() - self.began) / self.steps)
        except StopIteration:
            run_context.request_stop()
        self.began = time.perf_counter()


def main():
    with tempfile.TemporaryDirectory() as folder:
        config = tf.estimator.tpu.RunConfig(model_dir=folder, save_checkpoints_steps=1_000_000_000, log_step_count_steps=None)
        estimator = tf.estimator.tpu.TPUEstimator(
            model_fn, config=config, use_tpu=False, train_batch_size=training.SIZES[NAME].batch)
        estimator.train(input_fn, hooks=[Rounds()], steps=1_000_000_000)


if __name__ == "__main__":
    main()
