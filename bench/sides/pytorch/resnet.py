"""Residual networks of basic blocks with the stem for small images, and of bottlenecks for large ones, as PyTorch's users write them."""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        inner = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(inner))
        out += self.shortcut(x)
        return self.relu(out)


class Bottleneck(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        width = outputs // 4
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.shortcut = nn.Sequential()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        inner = self.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(inner)))))
        out += self.shortcut(x)
        return self.relu(out)


def stage(block, inputs, outputs, blocks, stride):
    return nn.Sequential(block(inputs, outputs, stride), *(block(outputs, outputs, 1) for _ in range(blocks - 1)))


def stem(width):
    return nn.Conv2d(3, width, 3, padding=1, bias=False), nn.Identity()


def large_stem(width):
    return nn.Conv2d(3, width, 7, stride=2, padding=3, bias=False), nn.MaxPool2d(3, stride=2, padding=1)


class ResNet(nn.Module):
    def __init__(self, block, begin, blocks, classes, width, expansion=1):
        super().__init__()
        self.conv1, self.pool = begin(width)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        widths = [width, *(expansion * multiple * width for multiple in (1, 2, 4, 8))]
        self.stages = nn.Sequential(
            *(stage(block, widths[i], widths[i + 1], count, 1 if i == 0 else 2) for i, count in enumerate(blocks))
        )
        self.linear = nn.Linear(widths[-1], classes)

    def forward(self, x):
        features = self.stages(self.pool(self.relu(self.bn1(self.conv1(x)))))
        return self.linear(F.adaptive_avg_pool2d(features, 1).flatten(1))


def resnet18(classes, width):
    return ResNet(Block, stem, [2, 2, 2, 2], classes, width)


def resnet34(classes, width):
    return ResNet(Block, stem, [3, 4, 6, 3], classes, width)


def resnet50(classes, width):
    return ResNet(Bottleneck, large_stem, [3, 4, 6, 3], classes, width, expansion=4)
