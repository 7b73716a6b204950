"""Times the report's network in PyTorch; devices.ts runs it, once a measurement.

Needs torch. Takes the measurement as JSON and prints one line of JSON. The
network is the one that the parity fixtures are made with.
"""

import sys
from pathlib import Path

import torch
from peer_measurement import read_request, report, time_steps
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "parity"))
from unet import UNet  # noqa: E402

request = read_request()
torch.set_num_threads(request["threads"])
torch.manual_seed(0)
batch, size = request["batch"], request["size"]
model = UNet(request["width"], True).to(memory_format=torch.channels_last)
parameters = sum(parameter.numel() for parameter in model.parameters())
x = torch.rand(batch, 3, size, size).to(memory_format=torch.channels_last)
y = (torch.rand(batch, 1, size, size) > 0.8).float()
run = torch.compile(model) if request["peer"] == "torch-compile" else model
bf16 = request["precision"] == "bf16"


def forward() -> torch.Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        return run(x).float()


if request["mode"] == "train":
    model.train()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.binary_cross_entropy_with_logits(forward(), y)
        loss.backward()
        optimizer.step()
        loss.item()

else:
    model.eval()

    def step() -> None:
        with torch.no_grad():
            torch.sigmoid(forward())


# None where the network is built alone, for its parameters to be counted.
seconds = time_steps(step, request) if request["steps"] > 0 else []
report(torch.__version__, seconds, parameters=parameters)
