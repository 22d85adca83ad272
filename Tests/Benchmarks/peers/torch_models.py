#!/usr/bin/env python3
"""PyTorch's side of the comparison: torch_models.py MODEL trains one of the models that `models/` describes, eagerly on
every core, in rounds: a line on stdin asks for one, a JSON line on stdout answers.

What differs between machines is tried first, and the fastest is taken: how images lie in memory, and how the optimizer
goes over the variables."""
import itertools
import json
import math
import os
import sys
import time

import torch
from torch import nn
from torch.nn import functional

ADAM = ("Adam", dict(lr=0.001, eps=1e-7))
MOMENTUM = ("SGD", dict(lr=0.01, momentum=0.9))


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def cnn():
    return nn.Sequential(nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5, padding=2),
                         nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Linear(1024, 10))


def convolution(before, after, size=3, stride=1):
    return [nn.Conv2d(before, after, size, stride, padding=size // 2, bias=False), nn.BatchNorm2d(after)]


class Residual(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.way = nn.Sequential(*convolution(before, after, stride=stride), nn.ReLU(inplace=True),
                                 *convolution(after, after))
        self.short = nn.Sequential(*convolution(before, after, 1, stride)) if stride > 1 else nn.Identity()

    def forward(self, x):
        return functional.relu(self.way(x) + self.short(x), inplace=True)


def resnet20():
    blocks, before = [], 16
    for stage, channels in enumerate([16, 32, 64]):
        for block in range(3):
            blocks.append(Residual(before, channels, 2 if stage and not block else 1))
            before = channels
    return nn.Sequential(*convolution(3, 16), nn.ReLU(inplace=True), *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(64, 10))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2)
                   for part in self.qkv(self.norm1(x)).split(width, dim=2))
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.narrow(functional.gelu(self.wide(self.norm2(x))))


class GPT(nn.Module):
    def __init__(self, blocks=4, width=256, heads=4, length=128):
        super().__init__()
        self.table = nn.Embedding(256, width)
        self.positions = nn.Parameter(torch.zeros(length, width))
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(blocks)))
        self.norm, self.logits = nn.LayerNorm(width), nn.Linear(width, 256)

    def forward(self, x):
        return self.logits(self.norm(self.blocks(self.table(x) + self.positions)))


class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.lstm, self.logits = nn.Embedding(256, 128), nn.LSTM(128, 256, batch_first=True), nn.Linear(256, 256)

    def forward(self, x):
        return self.logits(self.lstm(self.table(x))[0])


# The model, the batch, the optimizer, the shape of a row, the rows, and the steps that take about a second.
MODELS = {
    "mlp": (mlp, 1024, ADAM, [784], 60_000, 48),
    "cnn": (cnn, 256, MOMENTUM, [1, 28, 28], 10_240, 9),
    "resnet20": (resnet20, 128, MOMENTUM, [3, 32, 32], 5_120, 6),
    "gpt": (GPT, 32, ADAM, [128], 4_096, 3),
    "lstm": (LSTM, 64, ADAM, [100], 4_096, 6),
}


class Training:
    """One way of training a model on made-up rows that are mixed anew each epoch."""

    def __init__(self, name, kernel, memory):
        torch.manual_seed(1)
        make, self.batch, (optimizer, options), shape, rows, self.steps = MODELS[name]
        self.is_text = name in ("gpt", "lstm")
        self.memory = memory
        self.model = make().to(memory_format=memory)
        self.optimizer = getattr(torch.optim, optimizer)(self.model.parameters(), **options, **{kernel: True})
        if self.is_text:
            self.x, self.y = (torch.randint(0, 256, [rows, *shape], dtype=torch.uint8) for _ in range(2))
        else:
            self.x, self.y = torch.rand(rows, *shape), torch.randint(0, 10, [rows])
            if len(shape) == 3:
                self.x = self.x.to(memory_format=memory)
        self.order, self.place = torch.randperm(rows), 0

    def step(self):
        if self.place + self.batch > len(self.order):
            self.order, self.place = torch.randperm(len(self.order)), 0
        chosen = self.order[self.place:self.place + self.batch]
        self.place += self.batch
        x, y = self.x[chosen], self.y[chosen]
        if self.is_text:
            x, y = x.int(), y.long()
        self.optimizer.zero_grad(set_to_none=True)
        loss = functional.cross_entropy(self.model(x).flatten(0, -2), y.flatten())
        loss.backward()
        self.optimizer.step()
        return loss

    def seconds_per_step(self, steps):
        began = time.perf_counter()
        for _ in range(steps):
            loss = self.step()
        taken = (time.perf_counter() - began) / steps
        if not math.isfinite(loss.item()):
            raise SystemExit("the loss is not finite")
        return taken


def peak_bytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def main():
    name = sys.argv[1]
    torch.set_num_threads(os.cpu_count())
    memories = [torch.contiguous_format] + ([torch.channels_last] if name in ("cnn", "resnet20") else [])
    ways = list(itertools.product(["fused", "foreach"], memories))
    times = []
    for way in ways:
        training = Training(name, *way)
        training.seconds_per_step(2)
        times.append(min(training.seconds_per_step(1) for _ in range(4)))
        del training
    kernel, memory = ways[times.index(min(times))]
    training = Training(name, kernel, memory)
    training.seconds_per_step(2)
    way = kernel + (", channels last" if memory == torch.channels_last else "")
    print(json.dumps({"version": torch.__version__, "way": way}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": training.seconds_per_step(training.steps), "peak_bytes": peak_bytes()}), flush=True)


if __name__ == "__main__":
    main()
