"""Runs real ImageNet weights of VGG on a real image, and stores features.

    python make_vgg_features.py DATA

DATA has stage1_train.zip and weights/vgg19-imagenet-blocks1-3.safetensors;
needs torch, safetensors, numpy and Pillow. The weights take blue, green, red
in 0...255 less a mean. Stored are a few values of each of the seven
convolutions after ReLU, and their mean, as [height, width, channels].
"""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

data = Path(sys.argv[1])
weights = load_file(data / "weights" / "vgg19-imagenet-blocks1-3.safetensors")
with zipfile.ZipFile(data / "stage1_train.zip") as archive:
    for name in sorted(n for n in archive.namelist() if "/images/" in n and n.endswith(".png")):
        pixels = np.asarray(Image.open(io.BytesIO(archive.read(name))).convert("RGB"))[:128, :128]
        # A stained image, since gray would hide an exchange of red and blue.
        if np.abs(pixels[:, :, 0].astype(int) - pixels[:, :, 2]).mean() > 20:
            break
bgr = pixels[:, :, ::-1].astype(np.float32) - np.array([103.939, 116.779, 123.68], np.float32)
x = torch.from_numpy(bgr.transpose(2, 0, 1)[None].copy())
layers = []
for index in (0, 2, 5, 7, 10, 12, 14):
    if index in (5, 10):
        x = torch.nn.functional.max_pool2d(x, 2)
    x = torch.relu(
        torch.nn.functional.conv2d(
            x, weights[f"features.{index}.weight"], weights[f"features.{index}.bias"], padding=1
        )
    )
    flat = x[0].permute(1, 2, 0).reshape(-1)
    stride = flat.numel() // 24 + 1
    layers.append(
        {
            "layer": f"encoder.features.{index}",
            "mean": flat.double().mean().item(),
            "stride": stride,
            "values": flat[::stride].double().tolist(),
        }
    )
out = {"id": name.split("/")[-1].removesuffix(".png"), "size": 128, "layers": layers}
path = Path(__file__).parent / "fixtures" / "vgg_features.json"
path.write_text(json.dumps(out, indent=1) + "\n")
