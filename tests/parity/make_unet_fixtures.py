"""Runs the report's network in PyTorch and stores what comes out.

Needs torch, torchvision and safetensors. The network (unet.py) is built on
torchvision's own VGG layers here, at a small width. Weights and inputs come from a
formula that the test repeats, so that only results are stored: logits, loss,
all gradients, running statistics and weights after one step of SGD, and the
logits in evaluation mode after it. All is computed in double precision, on
inputs that training_step.py chooses.

    python make_unet_fixtures.py
"""

import numpy as np
import torch
from torch import nn
from torchvision.models.vgg import make_layers
from training_step import store
from unet import UNet

WIDTH = 1 / 32
SHAPE = (2, 3, 64, 96)
# Batch norm's offsets around this leave ReLU few values to cut, and few near 0.
# Around 0, so many layers of so few channels multiply a rounding error by 200
# to 10 000 on its way to a gradient; around 2, by less than 100.
OFFSET = 2


def noise(count: int, stream: int) -> np.ndarray:
    """Values in -1…1 from a formula that any language repeats."""
    raw = np.sin(np.arange(count) * 12.9898 + stream * 78.233) * 43758.5453
    return (raw - np.floor(raw)) * 2 - 1


def stream_of(name: str) -> int:
    return sum((i + 1) * ord(letter) for i, letter in enumerate(name)) % 997


def fill(model: nn.Module, offset: float = 0) -> None:
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
        if offset != 0 and tensor_is_offset(model, name):
            values = offset + 5 * values
        tensor.copy_(torch.from_numpy(values.astype(np.float32)).view_as(tensor))


def tensor_is_scale(model: nn.Module, name: str) -> bool:
    owner, _, leaf = name.rpartition(".")
    return leaf == "weight" and isinstance(model.get_submodule(owner), nn.BatchNorm2d)


def tensor_is_offset(model: nn.Module, name: str) -> bool:
    owner, _, leaf = name.rpartition(".")
    return leaf == "bias" and isinstance(model.get_submodule(owner), nn.BatchNorm2d)


def inputs(stream: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Images in 0...1 and masks, as the test draws them."""
    count = int(np.prod(SHAPE))
    x = torch.from_numpy((noise(count, stream) * 0.5 + 0.5).astype(np.float32))
    y = torch.from_numpy((noise(count // 3, 1002) > 0.3).astype(np.float64))
    return x.double().view(SHAPE), y.view(SHAPE[0], 1, *SHAPE[2:])


def make(name: str, batch_norm: bool) -> None:
    model = UNet(WIDTH, batch_norm, make_layers)
    with torch.no_grad():
        fill(model, OFFSET)
    store(name, model, inputs)


if __name__ == "__main__":
    make("vgg16_bn", True)
    make("vgg16", False)
