"""VGG-16 with batch norm after the activations and channel dropout, for 32 x 32 images, as PyTorch's users write it."""

from torch import nn

STAGES = [[1, 1], [2, 2], [4, 4, 4], [8, 8, 8], [8, 8, 8]]


def features(width):
    inputs = 3
    for number, stage in enumerate(STAGES):
        for i, multiple in enumerate(stage):
            yield nn.Conv2d(inputs, multiple * width, 3, padding=1)
            yield nn.ReLU(inplace=True)
            yield nn.BatchNorm2d(multiple * width)
            inputs = multiple * width
            if i < len(stage) - 1:
                yield nn.Dropout2d(0.3 if number == 0 else 0.4)
        yield nn.MaxPool2d(2)
    yield nn.Dropout2d(0.5)


def vgg16bn(classes, width):
    hidden = 8 * width
    classifier = [nn.Linear(hidden, hidden), nn.ReLU(inplace=True), nn.BatchNorm1d(hidden), nn.Dropout(0.5)]
    return nn.Sequential(*features(width), nn.Flatten(), *classifier, nn.Linear(hidden, classes))
