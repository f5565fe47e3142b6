"""PyTorch's side of the throughput comparison: the same network, batch and update, as PyTorch's users write them.

A request on stdin is a number of steps; the answer on stdout is their times in seconds.
"""

import contextlib
import json
import sys
import time

import torch
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


class ResNet18(nn.Module):
    def __init__(self, classes, width):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.relu = nn.ReLU(inplace=True)
        widths = [width, width, 2 * width, 4 * width, 8 * width]
        self.stages = nn.Sequential(
            *(
                nn.Sequential(Block(inputs, outputs, 1 if i == 0 else 2), Block(outputs, outputs, 1))
                for i, (inputs, outputs) in enumerate(zip(widths, widths[1:]))
            )
        )
        self.linear = nn.Linear(widths[-1], classes)

    def forward(self, x):
        features = self.stages(self.relu(self.bn1(self.conv1(x))))
        return self.linear(F.adaptive_avg_pool2d(features, 1).flatten(1))


def random_batches(work, memory_format):
    size = work["imageSize"]
    for _ in range(work["batches"]):
        images = torch.randn(work["batchSize"], 3, size, size).contiguous(memory_format=memory_format)
        yield images, torch.randint(work["classes"], (work["batchSize"],))


def create_step(work, precision, memory_format):
    model = ResNet18(work["classes"], work["width"]).to(memory_format=memory_format).train()
    optimizer = torch.optim.SGD(
        model.parameters(), lr=work["lr"], momentum=work["momentum"], weight_decay=work["weightDecay"]
    )
    batches = list(random_batches(work, memory_format))
    done = 0

    def precise():
        if precision == "bfloat16":
            return torch.autocast("cpu", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    def step():
        nonlocal done
        images, labels = batches[done % len(batches)]
        done += 1
        optimizer.zero_grad()
        with precise():
            loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()

    return step, sum(parameter.numel() for parameter in model.parameters())


def main():
    config = json.loads(sys.argv[1])
    torch.manual_seed(config["workload"]["seed"])
    torch.set_num_threads(config["threads"])
    memory_format = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}[config["layout"]]
    step, parameters = create_step(config["workload"], config["precision"], memory_format)

    def run(steps):
        seconds = []
        for _ in range(steps):
            began = time.perf_counter()
            step()
            seconds.append(time.perf_counter() - began)
        return seconds

    run(config["warmup"])
    print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "parameters": parameters}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


main()
