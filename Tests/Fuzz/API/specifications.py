"""Specifications that are valid, and what mutation makes of them."""
import copy

import values


def synthetic(shape, labels, **more):
    return {"source": {"synthetic": {"features": {"shape": shape, "dtype": "float32"}, "labels": labels,
                                     "examples": 64, "seed": 1}}, **more}


def tiny(**more):
    """The smallest job that trains."""
    return {"name": "fuzz", "mode": "train", "train_batch_size": 8,
            "tpu_config": {"num_shards": 8, "iterations_per_loop": 10}, "model": [{"Dense": {"units": 2}}],
            "loss": "mse", "optimizer": {"SGD": {"learning_rate": 0.01}},
            "train": {"max_steps": 10, "input": synthetic([4], {"shape": [2], "dtype": "float32"})}} | more


SEEDS = [
    tiny(),
    tiny(mode="train_and_evaluate", eval_batch_size=8, metrics=["mse", "mae"],
         evaluate={"steps": 1, "every_steps": 5, "input": synthetic([4], {"shape": [2], "dtype": "float32"})}),
    tiny(model=[{"Flatten": {"input_shape": [2, 2]}},
                {"Dense": {"units": 3, "activation": "selu", "kernel_initializer": {
                    "class_name": "VarianceScaling",
                    "config": {"scale": 2.0, "mode": "fan_in", "distribution": "uniform"}}}},
                {"Rescaling": {"scale": 0.5, "offset": 1}}, {"Activation": {"activation": "softmax"}}],
         loss={"SparseCategoricalCrossentropy": {"from_logits": False}},
         optimizer={"Adam": {"learning_rate": 0.01, "beta_1": 0.9, "amsgrad": True}},
         train={"max_steps": 3, "input": synthetic(
             [2, 2], {"classes": 3}, shuffle={"buffer_size": 10, "seed": 3},
             map=[{"cast": "float64"}, {"scale": 0.5}, {"offset": 1}, {"normalize": {"mean": [0.0], "std": [1.0]}},
                  {"reshape": [2, 2]}, {"cast": "float32"}], repeat=5)}),
    tiny(use_tpu=False, mode="train_and_evaluate", loss="sparse_categorical_crossentropy", metrics=["accuracy"],
         evaluate={"input": synthetic([4], {"classes": 4})}, train={"steps": 3, "input": synthetic([4], {"classes": 4})},
         model={"class_name": "Sequential", "keras_version": "2.15.0", "backend": "tensorflow", "config": {
             "name": "s", "layers": [
                 {"class_name": "InputLayer",
                  "config": {"batch_input_shape": [None, 4], "dtype": "float32", "name": "in"}},
                 {"class_name": "Dense",
                  "config": {"name": "d", "units": 4, "activation": "linear", "use_bias": True}}]}}),
    tiny(model=[{"Dense": {"units": 16}}, {"Dense": {"units": 10}}],
         loss={"SparseCategoricalCrossentropy": {"from_logits": True}},
         train={"max_steps": 2, "input": {
             "source": {"idx": {"features": "digits/train-images-idx3-ubyte",
                                "labels": "digits/train-labels-idx1-ubyte"}},
             "map": [{"cast": "float32"}, {"scale": 0.0625}, {"reshape": [64]}]}}),
    tiny(optimizer={"MomentumOptimizer": {"learning_rate": 0.1, "momentum": 0.9}}, labels={"team": "x"}, priority=3,
         retry={"max_attempts": 2, "backoff_seconds": 0.1}, max_run_seconds=100, start_deadline_seconds=100,
         preemptible=True, params={"a": 1},
         run_config={"random_seed": 7, "save_checkpoints_steps": 2, "keep_checkpoint_max": 2,
                     "save_summary_steps": 3, "log_every_n_secs": 1, "master": "tpu_worker"},
         tpu_config={"num_shards": 8, "iterations_per_loop": 3, "per_host_input_for_training": True,
                     "tpu_job_name": None}),
]

# How many bytes a mutated text may have.
MOST = 400_000
FIELDS = ["unit", "shape", "units", "name", "input_shape", "batch_shape", "seed", "steps", "trainable", "dtype", "zzz",
          "save_checkpoints_secs", "warm_start_from", "continue_from", "batch_axis", "loss_weights", "one_hot"]


def places(spec, path=()):
    """The paths of all values, the first six of an array."""
    yield path
    if isinstance(spec, dict):
        for name in spec:
            yield from places(spec[name], path + (name,))
    elif isinstance(spec, list):
        for index in range(min(len(spec), 6)):
            yield from places(spec[index], path + (index,))


def at(spec, path):
    for step in path:
        spec = spec[step]
    return spec


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def mutated(random):
    """A seed with one to five changes; None where it has become too large."""
    spec = copy.deepcopy(random.choice(SEEDS))
    for _ in range(random.choice([1, 1, 1, 2, 2, 3, 5])):
        paths = [path for path in places(spec) if path]
        if not paths:
            break
        # Numbers alone are the likeliest to be taken.
        leaves = [path for path in paths if is_number(at(spec, path))]
        if leaves and random.random() < 0.5:
            change_number(spec, random.choice(leaves), random)
        else:
            change(spec, random.choice(paths), paths, random)
        if len(values.text(spec)) > MOST:
            return None
    return spec


def change_number(spec, path, random):
    old = at(spec, path)
    new = random.choice(values.NUMBERS) if random.random() < 0.7 else max(1, old) * random.choice(
        [2, 8, 1 << 10, 1 << 16])
    at(spec, path[:-1])[path[-1]] = new


def change(spec, path, paths, random):
    parent, name = at(spec, path[:-1]), path[-1]
    old, kind = parent[name], random.random()
    if kind < 0.5:
        if isinstance(old, list) and old and all(map(is_number, old)) and random.random() < 0.6:
            old = [random.choice(values.NUMBERS) if random.random() < 0.6 else x for x in old]
            parent[name] = old * random.choice([1, 1, 2, 3])
        else:
            parent[name] = values.value(random)
    elif kind < 0.6 and isinstance(parent, dict):
        del parent[name]
    elif kind < 0.7 and isinstance(old, list) and old and len(values.text(old)) < 3000:
        parent[name] = old * random.choice([2, 10, 101, 1001])
    elif kind < 0.8:
        parent[name] = copy.deepcopy(at(spec, random.choice(paths)))
    elif kind < 0.9 and isinstance(old, dict):
        old[random.choice(FIELDS)] = values.value(random)
    else:
        parent[name] = [old] if random.random() < 0.5 else {"x": old}


def large(random):
    """Several sizes at once, all powers of two: what a product of them overflows."""
    def power():
        return 1 << random.choice([0, 1, 3, 7, 10, 14, 17, 20, 24, 28, 30, 31])
    shape = [power() for _ in range(random.choice([1, 2, 2, 3]))]
    units = power()
    model = random.choice([
        [{"Dense": {"units": units}}], [{"Dense": {"units": power()}}, {"Dense": {"units": units}}],
        [{"Flatten": {"input_shape": shape}}, {"Dense": {"units": units}}],
        [{"Flatten": {}}, {"Dense": {"units": units}}]])
    labels = [units] if "Flatten" in model[0] else shape[:-1] + [units]
    return tiny(train_batch_size=8 * power() if random.random() < 0.5 else 1 << 24, model=model,
                train={"max_steps": 1, "input": synthetic(shape, {"shape": labels, "dtype": "float32"})})


def deep(random):
    """Many layers, or many faults."""
    if random.random() < 0.5:
        return tiny(model=[{"Dense": {"units": 2}}] * random.choice([100, 1000, 10_000, 10_001]))
    return tiny(**{f"unknown_{index}": index for index in range(random.choice([99, 100, 101, 10_000]))})


def broken(text, random):
    """Text that is not JSON any more, or JSON at the edge of what is read."""
    if random.random() < 0.3:
        depth = random.choice([190, 196, 197, 198, 199, 200, 5000])
        return '{"params":{"a":' + "[" * depth + "]" * depth + "}," + text[1:]
    place = random.randrange(len(text))
    new = random.choice(["", "\0", "\x7f", "\\u0000", "\\ud800", "}", "]", ",", "\ufeff", "1e", "-", "[[[[[["])
    return text[:place] + new + text[place + random.choice([0, 1]):]
