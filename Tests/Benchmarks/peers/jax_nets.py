"""The models of `models/` in JAX: functions of variables and rows, images as rows × height × width × channels."""
import jax
import numpy
from jax import lax
from jax import numpy as jnp


class Variables:
    """A model's variables by name: made where there are none yet, moving averages updated beside."""

    def __init__(self, trained=None, moving=None):
        self.is_new = trained is None
        self.trained, self.moving = trained or {}, moving or {}
        self.moved, self.random = {}, numpy.random.default_rng(1)

    def __call__(self, name, shape, deviation=None):
        """By default scaled to the number of inputs; with 0, zeros."""
        if self.is_new:
            if deviation is None:
                deviation = numpy.prod(shape[:-1]) ** -0.5
            self.trained[name] = self.random.normal(0, 1, shape).astype(numpy.float32) * numpy.float32(deviation)
        return self.trained[name]

    def average(self, name, value, momentum=0.9):
        """The moving average takes in a value."""
        old = jnp.zeros_like(value) if self.is_new else self.moving[name]
        self.moved[name] = momentum * old + (1 - momentum) * lax.stop_gradient(value)


def dense(v, name, x, units, activation=lambda y: y):
    return activation(x @ v(f"{name}/kernel", (x.shape[-1], units)) + v(f"{name}/bias", (units,), 0))


def convolution(v, name, x, filters, size, stride=1):
    return lax.conv_general_dilated(x, v(f"{name}/kernel", (size, size, x.shape[-1], filters)), (stride, stride), "SAME",
                                    dimension_numbers=("NHWC", "HWIO", "NHWC"))


def pooled(x):
    """The largest of each 2 × 2; in this form its gradient costs a fraction of reduce_window's."""
    n, height, width, channels = x.shape
    return x.reshape(n, height // 2, 2, width // 2, 2, channels).max((2, 4))


def mlp(v, x, widths=(512, 512)):
    for layer, width in enumerate(widths):
        x = dense(v, f"dense{layer}", x, width, jax.nn.relu)
    return dense(v, "logits", x, 10)


def digits(v, x):
    return mlp(v, x.astype(jnp.float32) * 0.0625, (128, 64))


def cnn(v, x):
    for layer, filters in enumerate((32, 64)):
        x = convolution(v, f"conv{layer}", x, filters, 5) + v(f"conv{layer}/bias", (filters,), 0)
        x = pooled(jax.nn.relu(x))
    return dense(v, "logits", dense(v, "dense", x.reshape(len(x), -1), 1024, jax.nn.relu), 10)


def normalized(v, name, x, axes, epsilon):
    """Over some axes, with scale and offset of the last one; the mean and variance, too."""
    mean = x.mean(axes, keepdims=True)
    variance = jnp.square(x - mean).mean(axes, keepdims=True)
    scale, offset = 1 + v(f"{name}/gamma", x.shape[-1:], 0), v(f"{name}/beta", x.shape[-1:], 0)
    return (x - mean) * (lax.rsqrt(variance + epsilon) * scale) + offset, mean, variance


def resnet20(v, x):
    def block(name, x, filters, size=3, stride=1):
        y, mean, variance = normalized(v, name, convolution(v, name, x, filters, size, stride), (0, 1, 2), 1e-3)
        v.average(f"{name}/mean", mean)
        v.average(f"{name}/variance", variance)
        return y

    x = jax.nn.relu(block("stem", x, 16))
    for stage, filters in enumerate((16, 32, 64)):
        for number in range(3):
            name, stride = f"stage{stage}/block{number}", 2 if stage and not number else 1
            y = block(f"{name}/2", jax.nn.relu(block(f"{name}/1", x, filters, stride=stride)), filters)
            x = jax.nn.relu(y + (block(f"{name}/short", x, filters, 1, stride) if stride > 1 else x))
    return dense(v, "logits", x.mean((1, 2)), 10)


def gpt(v, x, blocks=4, width=256, heads=4):
    def norm(name, x):
        return normalized(v, name, x, -1, 1e-5)[0]

    length = x.shape[1]
    x = v("table", (256, width), 0.02)[x.astype(jnp.int32)] + v("positions", (length, width), 0)
    for block in range(blocks):
        name = f"block{block}"
        q, k, value = (part.reshape(*x.shape[:2], heads, width // heads) for part in
                       jnp.split(dense(v, f"{name}/qkv", norm(f"{name}/norm1", x), 3 * width), 3, -1))
        y = jax.nn.dot_product_attention(q, k, value, is_causal=True)
        x = x + dense(v, f"{name}/out", y.reshape(x.shape), width)
        y = dense(v, f"{name}/wide", norm(f"{name}/norm2", x), 4 * width, lambda y: jax.nn.gelu(y, approximate=False))
        x = x + dense(v, f"{name}/narrow", y, width)
    return dense(v, "logits", norm("norm", x), 256)


def lstm(v, x, units=256):
    x = v("table", (256, 128), 0.02)[x.astype(jnp.int32)]
    # All steps' inputs in one product; the steps come first, which the loop goes over.
    gates = dense(v, "input", x.swapaxes(0, 1), 4 * units)
    kernel = v("recurrent", (units, 4 * units))

    def step(state, gates):
        h, c = state
        i, f, g, o = jnp.split(gates + h @ kernel, 4, -1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zeros = jnp.zeros_like(gates[0, :, :units])
    return dense(v, "logits", lax.scan(step, (zeros, zeros), gates)[1].swapaxes(0, 1), 256)


NETS = {"mlp": mlp, "cnn": cnn, "resnet20": resnet20, "gpt": gpt, "lstm": lstm, "digits": digits}
