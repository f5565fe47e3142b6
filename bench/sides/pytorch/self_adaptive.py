"""Self-adaptive training's rule as its authors write it (Huang et al. 2020, algorithm 1)."""

import torch
from torch.nn import functional as F


class SelfAdaptive:
    def __init__(self, labels, classes, momentum):
        self.targets = torch.zeros(len(labels), classes)
        self.targets[torch.arange(len(labels)), labels] = 1
        self.momentum = momentum

    def __call__(self, logits, index):
        probabilities = F.softmax(logits.detach(), dim=1)
        self.targets[index] = self.momentum * self.targets[index] + (1 - self.momentum) * probabilities
        targets = self.targets[index]
        weights, _ = targets.max(dim=1)
        losses = -(F.log_softmax(logits, dim=1) * targets).sum(dim=1)
        return (losses * weights).sum() / weights.sum()
