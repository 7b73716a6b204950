"""Reads exports with PyTorch and safetensors, and stores what they make of
them: the test beside compares that with our own numbers.

Needs torch, torchvision, safetensors and numpy.

    deno run -P=test write_exports.ts FOLDER
    python check_exports.py FOLDER

write_exports.ts exports a small network in every format, with weights by the
formula of make_unet_fixtures.py, and the encoder of a torchvision vgg16_bn.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from make_unet_fixtures import WIDTH, noise
from safetensors.torch import load_file
from torchvision.models import vgg16_bn
from unet import UNet

folder = Path(sys.argv[1])
torch.set_num_threads(1)


shape = (2, 3, 64, 32)
pixels = np.floor((noise(int(np.prod(shape)), 1001) * 0.5 + 0.5) * 255).astype(np.float32)
pixels = pixels.reshape(shape)
result: dict = {}

for name in (
    *("all.pth", "all_half.pth", "all_bf16.pth"),
    *("all.safetensors", "all_half.safetensors", "all_bf16.safetensors"),
):
    path = folder / name
    state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, weights_only=True)
    model = UNet(WIDTH, True).eval()
    missing, surplus = model.load_state_dict({k: v.float() for k, v in state.items()}, strict=False)
    counters = [key for key in missing if not key.endswith("num_batches_tracked")]
    with torch.no_grad():
        logits = model(torch.from_numpy(pixels / 255))
    result[name] = {
        "missing": counters,
        "surplus": list(surplus),
        "dtypes": sorted({str(tensor.dtype) for tensor in state.values()}),
        "logits": logits.flatten()[::64].tolist(),
    }

encoder = torch.load(folder / "encoder.pth", weights_only=True)
full = vgg16_bn(weights=None)
missing, surplus = full.load_state_dict(encoder, strict=False)
result["encoder.pth"] = {
    "missing": sorted({key.split(".")[0] for key in missing if not key.endswith("tracked")}),
    "surplus": list(surplus),
    "sum": sum(p.double().abs().sum().item() for p in full.features.parameters()),
}

path = Path(__file__).parent / "fixtures" / "exports.json"
path.write_text(json.dumps({"shape": shape, **result}, indent=1) + "\n")
print({k: v.get("missing") for k, v in result.items()})
