"""Runs the report's network in PyTorch and stores what comes out.

Needs torch, torchvision and safetensors. The network (unet.py) is built on
torchvision's own VGG layers here, at a small width. Weights and inputs come from a
formula that the test repeats, so that only results are stored: logits, loss,
all gradients, running statistics and weights after one step of SGD, and the
logits in evaluation mode after it.

    python make_unet_fixtures.py
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn
from torchvision.models.vgg import make_layers
from unet import UNet

WIDTH = 1 / 32
SHAPE = (2, 3, 64, 96)


def noise(count: int, stream: int) -> np.ndarray:
    """Values in -1…1 from a formula that any language repeats."""
    raw = np.sin(np.arange(count) * 12.9898 + stream * 78.233) * 43758.5453
    return (raw - np.floor(raw)) * 2 - 1


def stream_of(name: str) -> int:
    return sum((i + 1) * ord(letter) for i, letter in enumerate(name)) % 997


def fill(model: nn.Module) -> None:
    for name, tensor in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        values = noise(tensor.numel(), stream_of(name))
        if tensor.ndim == 4:
            values *= np.sqrt(6 / (tensor.numel() / tensor.shape[0]))
        elif name.endswith("running_var") or tensor_is_scale(model, name):
            values = 1 + 0.3 * values
        else:
            values *= 0.1
        tensor.copy_(torch.from_numpy(values.astype(np.float32)).view_as(tensor))


def tensor_is_scale(model: nn.Module, name: str) -> bool:
    owner, _, leaf = name.rpartition(".")
    return leaf == "weight" and isinstance(model.get_submodule(owner), nn.BatchNorm2d)


def make(name: str, batch_norm: bool) -> None:
    torch.set_num_threads(1)
    model = UNet(WIDTH, batch_norm, make_layers).train()
    with torch.no_grad():
        fill(model)
    count = int(np.prod(SHAPE))
    x = torch.from_numpy((noise(count, 1001) * 0.5 + 0.5).astype(np.float32)).view(SHAPE)
    y = torch.from_numpy((noise(count // 3, 1002) > 0.3).astype(np.float32))
    y = y.view(SHAPE[0], 1, *SHAPE[2:])
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3
    )
    logits = model(x)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, y)
    loss.backward()
    out = {"logits": logits.detach(), "loss": loss.detach().view(1)}
    for key, parameter in model.named_parameters():
        out[f"gradient/{key}"] = parameter.grad
    optimizer.step()
    for key, tensor in model.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            out[f"updated/{key}"] = tensor.detach().clone()
    model.eval()
    with torch.no_grad():
        out["evaluated"] = model(x)
    arrays = {key: value.contiguous().numpy() for key, value in out.items()}
    path = Path(__file__).parent / "fixtures" / f"{name}.safetensors"
    save_file(arrays, path, {"torch": torch.__version__})
    print(path.name, loss.item(), path.stat().st_size)


if __name__ == "__main__":
    make("vgg16_bn", True)
    make("vgg16", False)
