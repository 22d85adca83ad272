#!/usr/bin/env python3
"""PyTorch's side of the comparison: torch_models.py MODEL [eager | compiled | autocast] trains one of the models on every
core, in rounds: a line on stdin asks for one, a JSON line on stdout answers.

What differs between machines is tried first, and the fastest is taken: how images lie in memory, and how the optimizer
goes over the variables. `compiled` compiles model, loss and their gradients; `autocast` computes in bfloat16."""
import contextlib
import itertools
import os
import sys

import torch
import training
from torch.nn import functional
from torch_nets import NETS

OPTIMIZERS = {"adam": ("Adam", dict(lr=0.001, eps=1e-7)), "momentum": ("SGD", dict(lr=0.01, momentum=0.9))}


class Training:
    """One way of training a model on rows that are mixed anew each epoch."""

    def __init__(self, name, data, kernel, memory, mode="eager"):
        torch.manual_seed(1)
        self.sizes, self.is_digits = training.SIZES[name], name == "digits"
        optimizer, options = OPTIMIZERS[self.sizes.optimizer]
        self.model = NETS[name]().to(memory_format=memory)
        self.optimizer = getattr(torch.optim, optimizer)(self.model.parameters(), **options, **{kernel: True})
        self.x, self.y = data
        if len(self.sizes.shape) == 3:
            self.x = self.x.permute(0, 3, 1, 2).contiguous(memory_format=memory)
        self.order = training.Order(len(self.x), self.sizes.batch)
        self.loss = torch.compile(self.loss_of) if mode == "compiled" else self.loss_of
        self.precision = torch.autocast("cpu", torch.bfloat16) if mode == "autocast" else contextlib.nullcontext()

    def loss_of(self, x, y):
        return functional.cross_entropy(self.model(x).flatten(0, -2), y.flatten())

    def step(self):
        chosen = torch.from_numpy(self.order.batch_rows())
        x, y = self.x[chosen], self.y[chosen].long()
        if self.sizes.is_text:
            x = x.int()
        if self.is_digits:
            x = x.float() * 0.0625
        self.optimizer.zero_grad(set_to_none=True)
        with self.precision:
            loss = self.loss(x, y)
        loss.backward()
        self.optimizer.step()
        return loss

    def seconds_per_step(self, steps):
        return training.seconds_per_step(self.step, torch.Tensor.item, steps)


def fastest_way(name, data):
    """The optimizer's kernel and the images' layout that train fastest here, eagerly."""
    images = len(training.SIZES[name].shape) == 3
    memories = [torch.contiguous_format] + ([torch.channels_last] if images else [])
    times = {}
    for way in itertools.product(["fused", "foreach"], memories):
        trial = Training(name, data, *way)
        trial.seconds_per_step(2)
        times[way] = min(trial.seconds_per_step(1) for _ in range(4))
        del trial
    return min(times, key=times.get)


def main():
    name, mode = sys.argv[1], (sys.argv[2:] or ["eager"])[0]
    torch.set_num_threads(os.cpu_count())
    data = [torch.from_numpy(each) for each in training.arrays(name)]
    kernel, memory = fastest_way(name, data)
    way = f"{mode}, {kernel}" + (", channels last" if memory == torch.channels_last else "")
    chosen = Training(name, data, kernel, memory, mode)
    try:
        chosen.seconds_per_step(1)
    except Exception as error:
        if mode != "compiled":
            raise
        return training.tell(failed=f"torch.compile: {type(error).__name__}: {str(error).strip().splitlines()[0][:200]}")
    training.answer_rounds(chosen.step, torch.Tensor.item, version=f"PyTorch {torch.__version__}", way=way)


if __name__ == "__main__":
    main()
