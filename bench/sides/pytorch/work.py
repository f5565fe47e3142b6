"""The units of work of PyTorch's side, by mode: each function returns one that does a unit."""

import contextlib
import itertools

import torch
from torch.nn import functional as F

from self_adaptive import SelfAdaptive


def precise(precision):
    if precision == "bfloat16":
        return torch.autocast("cpu", dtype=torch.bfloat16)
    return contextlib.nullcontext()


def batches(work, memory_format):
    """Pairs of images and labels, and where each lies in the data set."""
    size, count = work["imageSize"], work["batchSize"]
    for number in range(work["batches"]):
        images = torch.randn(count, 3, size, size).contiguous(memory_format=memory_format)
        yield images, torch.randint(work["classes"], (count,)), torch.arange(number * count, (number + 1) * count)


def train(model, work, precision, memory_format):
    model.train()
    optimizer = torch.optim.SGD(
        model.parameters(), lr=work["lr"], momentum=work["momentum"], weight_decay=work["weightDecay"]
    )
    data = list(batches(work, memory_format))
    objective = SelfAdaptive(torch.cat([labels for _, labels, _ in data]), work["classes"], work["targetMomentum"])
    turns = itertools.cycle(data)

    def step():
        images, _, index = next(turns)
        optimizer.zero_grad()
        with precise(precision):
            logits = model(images)
        loss = objective(logits.float(), index)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def infer(model, work, precision, memory_format):
    model.eval()
    turns = itertools.cycle(list(batches(work, memory_format)))

    def predict():
        with torch.no_grad(), precise(precision):
            model(next(turns)[0]).argmax(1).tolist()

    return predict


def attack(model, work, precision, memory_format):
    model.eval()
    turns = itertools.cycle(list(batches(work, memory_format)))

    def ascend():
        images, labels, _ = next(turns)
        for _ in range(work["passes"]):
            images = images.detach().requires_grad_()
            with precise(precision):
                loss = F.cross_entropy(model(images), labels)
            (gradient,) = torch.autograd.grad(loss, [images])
            images = images + work["stepSize"] * gradient.sign()

    return ascend


def pgd(model, work, precision, memory_format):
    """As the authors evaluate: the clean answers, ten steps from a random place, the answers there."""
    model.eval()
    epsilon = work["epsilon"]

    def answers(images):
        with torch.no_grad(), precise(precision):
            return model(images).argmax(1)

    pixels = [images.sigmoid() for images, _, _ in batches(work, memory_format)]
    turns = itertools.cycle([(images, answers(images)) for images in pixels])

    def perturb():
        images, labels = next(turns)
        answers(images).ne(labels).sum().item()
        place = images + torch.empty_like(images).uniform_(-epsilon, epsilon)
        for _ in range(work["passes"]):
            place = place.detach().requires_grad_()
            with precise(precision):
                loss = F.cross_entropy(model(place), labels)
            (gradient,) = torch.autograd.grad(loss, [place])
            moved = place.detach() + work["stepSize"] * gradient.sign()
            place = (images + torch.clamp(moved - images, -epsilon, epsilon)).clamp(0, 1)
        answers(place).ne(labels).sum().item()

    return perturb


MODES = {"train": train, "infer": infer, "attack": attack, "pgd": pgd}
