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

from resnet import resnet18, resnet34
from vgg import vgg16bn
from wide_resnet import wrn28x10
from work import MODES

NETWORKS = {"resnet18": resnet18, "resnet34": resnet34, "wrn-28-10": wrn28x10, "vgg16-bn": vgg16bn}
LAYOUTS = {"NCHW": torch.contiguous_format, "channels_last": torch.channels_last}


def memory(field):
    """A line of /proc/self/status in bytes: VmRSS is the resident size, VmHWM its peak. None on other systems."""
    try:
        with open("/proc/self/status") as status:
            return 1024 * int(re.search(rf"^{field}:\s*(\d+) kB$", status.read(), re.MULTILINE)[1])
    except OSError:
        return None


def seconds(unit):
    began = time.perf_counter()
    unit()
    return time.perf_counter() - began


def main():
    config = json.loads(sys.argv[1])
    work = config["workload"]
    torch.manual_seed(work["seed"])
    torch.set_num_threads(config["threads"])
    layout = LAYOUTS[config["layout"]]
    model = NETWORKS[work["model"]](work["classes"], work["width"]).to(memory_format=layout)
    unit = MODES[config["mode"]](model, work, config["precision"], layout)

    facts = {"parameters": sum(parameter.numel() for parameter in model.parameters()), "startBytes": memory("VmRSS")}
    for _ in range(config["warmup"]):
        unit()
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        times = [seconds(unit) for _ in range(json.loads(line))]
        print(json.dumps({"seconds": times, "peakBytes": memory("VmHWM")}), flush=True)


main()
