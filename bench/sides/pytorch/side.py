"""PyTorch's side of a comparison: the same network, batch and update, as PyTorch's users write them.

A request on stdin is a number of units of work; the answer on stdout is their times in seconds, and the most memory that
the process has held so far.
"""

import json
import re
import sys
import time

import torch

sys.dont_write_bytecode = True

from convnext import convnext_tiny
from resnet import resnet18, resnet34, resnet50
from vgg import vgg16bn
from vision_transformer import vits16
from wide_resnet import wrn28x10
from work import MODES

NETWORKS = {
    "resnet18": resnet18,
    "resnet34": resnet34,
    "resnet50": resnet50,
    "wrn-28-10": wrn28x10,
    "vgg16-bn": vgg16bn,
    "vit-s-16": vits16,
    "convnext-tiny": convnext_tiny,
}
LAYOUTS = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}


def memory(field):
    """A line of /proc/self/status in bytes: VmRSS is the resident size, VmHWM its peak. None on other systems."""
    try:
        with open("/proc/self/status") as status:
            return 1024 * int(re.search(rf"^{field}:\s*(\d+) kB$", status.read(), re.MULTILINE)[1])
    except OSError:
        return None


def seconds(unit, clock):
    began = clock()
    unit()
    return clock() - began


def main():
    config = json.loads(sys.argv[1])
    work = config["workload"]
    torch.manual_seed(work["seed"])
    torch.set_num_threads(config["threads"])
    # One thread is timed by the processor, so that other work on the machine counts little.
    clock = time.process_time if config["threads"] == 1 else time.perf_counter
    layout = LAYOUTS[config["layout"]]
    model = NETWORKS[work["model"]](work["classes"], work["width"]).to(memory_format=layout)
    if config.get("compiled"):
        if not hasattr(torch, "compile"):
            sys.exit(f"PyTorch {torch.__version__} has no torch.compile")
        model = torch.compile(model)
    unit = MODES[config["mode"]](model, work, config["precision"], layout)

    facts = {"parameters": sum(parameter.numel() for parameter in model.parameters()), "startBytes": memory("VmRSS")}
    for _ in range(config["warmup"]):
        unit()
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        times = [seconds(unit, clock) for _ in range(json.loads(line))]
        print(json.dumps({"seconds": times, "peakBytes": memory("VmHWM")}), flush=True)


main()
