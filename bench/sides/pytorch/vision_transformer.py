"""A vision transformer, as PyTorch's users write it."""

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, dimension, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dimension, 3 * dimension)
        self.proj = nn.Linear(dimension, dimension)

    def forward(self, x):
        n, tokens, dimension = x.shape
        queries, keys, values = (
            self.qkv(x).reshape(n, tokens, 3, self.heads, dimension // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        )
        if hasattr(F, "scaled_dot_product_attention"):
            mixed = F.scaled_dot_product_attention(queries, keys, values)
        else:
            scores = (queries * (dimension // self.heads) ** -0.5) @ keys.transpose(-2, -1)
            mixed = scores.softmax(dim=-1) @ values
        return self.proj(mixed.transpose(1, 2).reshape(n, tokens, dimension))


class Block(nn.Module):
    def __init__(self, dimension, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(dimension, eps=1e-6)
        self.attn = Attention(dimension, heads)
        self.norm2 = nn.LayerNorm(dimension, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(dimension, 4 * dimension), nn.GELU(), nn.Linear(4 * dimension, dimension))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, classes, size, patch, dimension, depth, heads):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, dimension, patch, stride=patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dimension))
        self.pos_embed = nn.Parameter(0.02 * torch.randn(1, 1 + (size // patch) ** 2, dimension))
        self.blocks = nn.Sequential(*(Block(dimension, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(dimension, eps=1e-6)
        self.head = nn.Linear(dimension, classes)

    def forward(self, x):
        patches = self.patch_embed(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), patches], dim=1) + self.pos_embed
        return self.head(self.norm(self.blocks(tokens))[:, 0])


def vits16(classes, width):
    return VisionTransformer(classes, size=224, patch=16, dimension=384, depth=12, heads=6)
