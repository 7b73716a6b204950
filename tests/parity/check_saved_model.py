"""Loads a saved model into PyTorch by name, and compares what it computes.

Needs torch, torchvision, numpy and safetensors. The network is the one of
make_unet_fixtures.py, the model of any width. The second file, if given,
holds tensors `x` [N, H, W, 3] and `logits` [N, H, W, 1] that the saved model
gave for it in inference.

    python check_saved_model.py model.safetensors [logits.safetensors]
"""

import json
import sys

import torch
from safetensors import safe_open
from safetensors.torch import load_file

import make_unet_fixtures as network


def main(path: str, logits_path: str | None) -> None:
    with safe_open(path, framework="pt") as file:
        plan = json.loads(file.metadata()["plan"])
    if plan["network"] != ("vgg16_bn" if plan["batchNorm"] else "vgg16"):
        sys.exit("Cannot build the network: batch norm in a part of it alone")
    network.WIDTH = plan["width"]
    model = network.UNet(plan["batchNorm"]).eval()
    weights = load_file(path)
    counters = {
        name: tensor
        for name, tensor in model.state_dict().items()
        if name.endswith("num_batches_tracked")
    }
    model.load_state_dict(weights | counters, strict=True)
    print(f"{len(weights)} tensors, none missing, none surplus")
    if logits_path is None:
        return
    sample = load_file(logits_path)
    with torch.no_grad():
        logits = model(sample["x"].permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    difference = (logits - sample["logits"]).norm() / sample["logits"].norm()
    print(f"relative difference of the logits: {difference:.2e}")
    if not difference < 1e-4:
        sys.exit("The logits differ")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
