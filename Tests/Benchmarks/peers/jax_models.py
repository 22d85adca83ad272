#!/usr/bin/env python3
"""JAX's side of the comparison: jax_models.py MODEL [DEVICES] trains one of the models on every core, in rounds: a line on
stdin asks for one, a JSON line on stdout answers.

The step is one compiled function that takes its variables' memory over. With DEVICES the host is made to look like so many,
each of which has its part of the batch, its own batch statistics, and the mean of all gradients."""
import os
import sys

NAME, DEVICES = sys.argv[1], int((sys.argv[2:] or ["1"])[0])
if DEVICES > 1:
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} --xla_force_host_platform_device_count={DEVICES}"

import jax
import training
from jax import lax
from jax import numpy as jnp
from jax.sharding import NamedSharding, PartitionSpec
from jax_nets import NETS, Variables

SIZES = training.SIZES[NAME]
RATE = training.LEARNING_RATES[SIZES.optimizer]


def mean_over_devices(tree):
    return lax.pmean(tree, "cores") if DEVICES > 1 else tree


def update(trained, slots, gradients):
    """Adam or momentum, as Keras' defaults have them."""
    if SIZES.optimizer == "momentum":
        velocity = jax.tree.map(lambda slot, g: 0.9 * slot - RATE * g, slots, gradients)
        return jax.tree.map(jnp.add, trained, velocity), velocity
    step, m, v = slots
    step = step + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, gradients)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradients)
    rate = RATE * jnp.sqrt(1 - 0.999 ** step) / (1 - 0.9 ** step)
    return jax.tree.map(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), trained, m, v), (step, m, v)


def loss_of(trained, moving, x, y):
    variables = Variables(trained, moving)
    logits = NETS[NAME](variables, x)
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), y.astype(jnp.int32)[..., None], -1)
    return -chosen.mean(), variables.moved


def step(state, x, y):
    trained, moving, slots = state
    (loss, moved), gradients = jax.value_and_grad(loss_of, has_aux=True)(trained, moving, x, y)
    loss, moved, gradients = mean_over_devices((loss, moved, gradients))
    trained, slots = update(trained, slots, gradients)
    return (trained, moved, slots), loss


class Training:
    """The state of a training, and its rows."""

    def __init__(self):
        self.x, self.y = training.arrays(NAME)
        self.order = training.Order(len(self.x), SIZES.batch)
        variables = Variables()
        NETS[NAME](variables, self.x[:2])
        trained = variables.trained
        zeros = jax.tree.map(jnp.zeros_like, trained)
        slots = zeros if SIZES.optimizer == "momentum" else (jnp.zeros(()), zeros, jax.tree.map(jnp.zeros_like, trained))
        self.state, self.whole, self.parts = (trained, variables.moved, slots), None, None
        body = step
        if DEVICES > 1:
            mesh = jax.make_mesh((DEVICES,), ("cores",))
            whole, parts = PartitionSpec(), PartitionSpec("cores")
            body = jax.shard_map(step, mesh=mesh, in_specs=(whole, parts, parts), out_specs=whole, check_vma=False)
            self.whole, self.parts = NamedSharding(mesh, whole), NamedSharding(mesh, parts)
        self.state = jax.device_put(self.state, self.whole)
        self.compiled = jax.jit(body, donate_argnums=0)

    def step(self):
        chosen = self.order.batch_rows()
        x, y = jax.device_put((self.x[chosen], self.y[chosen]), self.parts)
        self.state, loss = self.compiled(self.state, x, y)
        return loss


if __name__ == "__main__":
    chosen = Training()
    way = "jit" if DEVICES == 1 else f"shard_map over {DEVICES} devices"
    training.answer_rounds(chosen.step, float, version=f"JAX {jax.__version__}", way=way)
