"""Times MONAI's sliding windows with the report's network; tiles.ts runs it.

Needs torch and monai. Takes the request as JSON and prints one line of JSON.
"""

import json
import sys
import time
from pathlib import Path

import monai
import torch
from monai.inferers import sliding_window_inference

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "parity"))
from unet import UNet  # noqa: E402

request = json.loads(sys.argv[1])
torch.set_num_threads(request["threads"])
torch.manual_seed(0)
model = UNet(request["width"], True).to(memory_format=torch.channels_last).eval()
size, window = request["size"], request["window"]
image = torch.rand(1, 3, size, size).to(memory_format=torch.channels_last)


def probabilities(x: torch.Tensor) -> torch.Tensor:
    return torch.sigmoid(model(x.contiguous(memory_format=torch.channels_last)).float())


def measure(bf16: bool, steps: int) -> list[float]:
    seconds = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        for _ in range(steps + 1):
            start = time.perf_counter()
            sliding_window_inference(
                image, window, 1, probabilities, overlap=0.25, mode="gaussian"
            )
            seconds.append(time.perf_counter() - start)
    return seconds[1:]


result = {
    f"{name}, overlap 0.25, gaussian, windows of {window}": measure(
        name == "bf16", request["steps"]
    )
    for name in ("float32", "bf16")
}
version = f"{monai.__version__}"
print(json.dumps({"version": version, "seconds": result}), flush=True)
