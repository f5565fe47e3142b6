"""torchvision's side of the views: SimCLR's transforms image by image, as a data loader applies them.

A request on stdin is a number of units, the next images of the data in batches; the answer on stdout is their times in
seconds. One thread works in this process; more are as many worker processes.
"""

import json
import sys
import time

import numpy
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

# Smaller images are not blurred.
LEAST_BLURRED = 48


def simclr(size, form):
    steps = [
        transforms.RandomResizedCrop(size),
        transforms.RandomHorizontalFlip(),
        transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
        transforms.RandomGrayscale(0.2),
    ]
    if size >= LEAST_BLURRED:
        steps.append(transforms.RandomApply([transforms.GaussianBlur(size // 10 // 2 * 2 + 1, (0.1, 2.0))], p=0.5))
    convert = transforms.ToTensor() if form == "PIL" else transforms.ConvertImageDtype(torch.float32)
    return transforms.Compose([*steps, convert, transforms.Normalize([0.5] * 3, [0.25] * 3)])


class Images(Dataset):
    """Bytes in memory, handed out as CIFAR's data set of torchvision does, or as tensors."""

    def __init__(self, work, form):
        size = work["imageSize"]
        pixels = numpy.random.default_rng(work["seed"]).integers(0, 256, (work["samples"], size, size, 3), numpy.uint8)
        self.images = pixels if form == "PIL" else torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())
        self.form, self.transform = form, simclr(size, form)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index]
        return self.transform(Image.fromarray(image) if self.form == "PIL" else image)


class Units:
    """The batches of one unit after the other."""

    def __init__(self, work):
        self.work, self.position = work, 0

    def __len__(self):
        return self.work["unitImages"] // self.work["batchSize"]

    def __iter__(self):
        for _ in range(len(self)):
            yield [(self.position + i) % self.work["samples"] for i in range(self.work["batchSize"])]
            self.position += self.work["batchSize"]


def main():
    config = json.loads(sys.argv[1])
    work, threads = config["workload"], config["threads"]
    torch.manual_seed(work["seed"])
    torch.set_num_threads(threads)
    workers = 0 if threads == 1 else threads
    data = Images(work, config["form"])
    loader = DataLoader(data, batch_sampler=Units(work), num_workers=workers, persistent_workers=workers > 0)

    def seconds():
        began = time.perf_counter()
        for _ in loader:
            pass
        return time.perf_counter() - began

    for _ in range(config["warmup"]):
        seconds()
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"seconds": [seconds() for _ in range(json.loads(line))]}), flush=True)


main()
