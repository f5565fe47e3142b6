"""The published AutoAttack (github.com/fra31/auto-attack) on a small network: each member alone, as lines of JSON."""

import argparse
import json
import re
import sys
import time

import numpy
import torch
from torch import nn

from resnet import resnet18

MEMBERS = ["apgd-ce", "apgd-t", "fab-t", "square"]


class Mlp(nn.Module):
    def __init__(self, width):
        super().__init__()
        sizes = [3072, 8 * width, 8 * width]
        layers = [[nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()] for a, b in zip(sizes, sizes[1:])]
        self.layers = nn.Sequential(*sum(layers, []))
        self.linear = nn.Linear(sizes[-1], 10)

    def forward(self, x):
        return self.linear(self.layers(x.flatten(1)))


class PixelSpace(nn.Module):
    """Logits, times a factor, of images with pixels from 0 to 1."""

    def __init__(self, network, scale):
        super().__init__()
        self.network = network
        self.scale = scale

    def forward(self, images):
        return self.network((images - 0.5) / 0.25) * self.scale


def load(model, width, path):
    network = Mlp(width) if model == "mlp" else resnet18(10, width)
    ours = torch.load(path)
    network.load_state_dict({re.sub(r"^layer(\d)", lambda m: f"stages.{int(m[1]) - 1}", k): v for k, v in ours.items()})
    return network.eval()


def read_batch(path, points):
    rows = numpy.fromfile(path, dtype=numpy.uint8).reshape(-1, 3073)[:points]
    images = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).astype(numpy.float32) / 255)
    return images, torch.from_numpy(rows[:, 0].astype(numpy.int64))


def parse():
    parser = argparse.ArgumentParser()
    for name in ["reference", "model", "weights", "batch", "norm"]:
        parser.add_argument(f"--{name}", required=True)
    for name, kind in [("width", int), ("scale", float), ("points", int), ("epsilon", float), ("threads", int)]:
        parser.add_argument(f"--{name}", type=kind, required=True)
    return parser.parse_args()


def main():
    options = parse()
    torch.set_num_threads(options.threads)
    sys.path.insert(0, options.reference)
    from autoattack import AutoAttack

    model = PixelSpace(load(options.model, options.width, options.weights), options.scale)
    images, labels = read_batch(options.batch, options.points)
    norm = {"inf": "Linf", "2": "L2"}[options.norm]
    for member in MEMBERS:
        attack = AutoAttack(model, norm=norm, eps=options.epsilon, seed=0, verbose=False, device="cpu")
        attack.attacks_to_run = [member]
        start = time.process_time()
        adversarial = attack.run_standard_evaluation(images, labels, bs=250)
        with torch.no_grad():
            robust = (model(adversarial).argmax(1) == labels).int().tolist()
        print(json.dumps({"member": member, "robust": robust, "seconds": time.process_time() - start}), flush=True)


if __name__ == "__main__":
    main()
