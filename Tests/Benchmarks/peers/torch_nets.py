"""The models of `models/` in PyTorch."""
import torch
from torch import nn
from torch.nn import functional


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


def digits():
    return nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


NETS = {"mlp": mlp, "cnn": cnn, "resnet20": resnet20, "gpt": GPT, "lstm": LSTM, "digits": digits}
