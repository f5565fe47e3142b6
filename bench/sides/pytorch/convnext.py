"""ConvNeXt, as PyTorch's users write it."""

import torch
from torch import nn
from torch.nn import functional as F


class ChannelNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.dwconv = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels))
        self.gamma = nn.Parameter(1e-6 * torch.ones(channels))

    def forward(self, x):
        pixels = self.dwconv(x).permute(0, 2, 3, 1)
        return x + (self.gamma * self.mlp(self.norm(pixels))).permute(0, 3, 1, 2)


class ConvNext(nn.Module):
    def __init__(self, classes, depths, dims):
        super().__init__()
        layers = [nn.Conv2d(3, dims[0], 4, stride=4), ChannelNorm(dims[0], eps=1e-6)]
        for stage, (depth, channels) in enumerate(zip(depths, dims)):
            if stage > 0:
                before = dims[stage - 1]
                layers += [ChannelNorm(before, eps=1e-6), nn.Conv2d(before, channels, 2, stride=2)]
            layers += [Block(channels) for _ in range(depth)]
        self.layers = nn.Sequential(*layers)
        self.norm = nn.LayerNorm(dims[-1], eps=1e-6)
        self.head = nn.Linear(dims[-1], classes)

    def forward(self, x):
        return self.head(self.norm(F.adaptive_avg_pool2d(self.layers(x), 1).flatten(1)))


def convnext_tiny(classes, width):
    return ConvNext(classes, [3, 3, 9, 3], [96, 192, 384, 768])
