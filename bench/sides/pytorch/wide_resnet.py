"""WRN-28-10 of pre-activation blocks, as PyTorch's users write it."""

from torch import nn
from torch.nn import functional as F

BLOCKS = 4
WIDENING = 10


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = None
        if inputs != outputs:
            self.shortcut = nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False)

    def forward(self, x):
        active = self.relu(self.bn1(x))
        out = self.conv2(self.relu(self.bn2(self.conv1(active))))
        out += x if self.shortcut is None else self.shortcut(active)
        return out


def group(inputs, outputs, stride):
    return nn.Sequential(Block(inputs, outputs, stride), *(Block(outputs, outputs, 1) for _ in range(BLOCKS - 1)))


class WideResNet(nn.Module):
    def __init__(self, classes, base):
        super().__init__()
        wide = base * WIDENING
        self.conv1 = nn.Conv2d(3, base, 3, padding=1, bias=False)
        self.groups = nn.Sequential(group(base, wide, 1), group(wide, 2 * wide, 2), group(2 * wide, 4 * wide, 2))
        self.bn1 = nn.BatchNorm2d(4 * wide)
        self.relu = nn.ReLU(inplace=True)
        self.linear = nn.Linear(4 * wide, classes)

    def forward(self, x):
        features = self.relu(self.bn1(self.groups(self.conv1(x))))
        return self.linear(F.adaptive_avg_pool2d(features, 1).flatten(1))


def wrn28x10(classes, width):
    """The published network has width 64, which is its base of 16."""
    return WideResNet(classes, width // 4)
