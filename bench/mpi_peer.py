"""Times training steps of the same network in PyTorch, on one process or on
the ranks of torchrun with Gloo; mpi.ts runs it.

Needs torch. Takes the request as JSON; rank 0 prints one line of JSON.
"""

import json
import os
import sys
import time
from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "parity"))
from unet import UNet  # noqa: E402

request = json.loads(sys.argv[1])
rank, ranks = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
# torchrun sets OMP_NUM_THREADS to 1 only where nobody has.
torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
if ranks > 1:
    dist.init_process_group("gloo")
torch.manual_seed(0)
tiles, size = request["batch"] // ranks, request["size"]
own = UNet(request["width"], True).to(memory_format=torch.channels_last)
model = DistributedDataParallel(own) if ranks > 1 else own
optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9)
torch.manual_seed(1 + rank)
x = torch.rand(tiles, 3, size, size).to(memory_format=torch.channels_last)
y = (torch.rand(tiles, 1, size, size) > 0.8).float()


def step() -> None:
    optimizer.zero_grad(set_to_none=True)
    nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
    optimizer.step()


seconds: list[float] = []
processor: list[float] = []
for i in range(request["steps"] + 1):
    start, before = time.perf_counter(), time.process_time()
    step()
    if i > 0:
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
total = torch.tensor(processor, dtype=torch.float64)
if ranks > 1:
    dist.all_reduce(total)
if rank == 0:
    print(json.dumps({"seconds": seconds, "processor": total.tolist()}), flush=True)
if ranks > 1:
    dist.destroy_process_group()
