"""Runs the report's network in PyTorch and stores what comes out.

Needs torch, torchvision and safetensors. The network is built from
torchvision's own VGG layers, at a small width. Weights and inputs come from a
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
from torchvision.models.vgg import cfgs, make_layers

WIDTH = 1 / 32
SHAPE = (2, 3, 64, 96)


def channels(count: int) -> int:
    return max(1, round(count * WIDTH))


def sequence(inputs: int, outputs: list[int], batch_norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for count in outputs:
        layers.append(nn.Conv2d(inputs, count, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(count))
        layers.append(nn.ReLU())
        inputs = count
    return nn.Sequential(*layers)


class Encoder(nn.Module):
    def __init__(self, batch_norm: bool) -> None:
        super().__init__()
        plan = [c if c == "M" else channels(c) for c in cfgs["D"]]
        self.features = make_layers(plan, batch_norm=batch_norm)


class Step(nn.Module):
    def __init__(self, inputs: int, skip: int, outputs: int, batch_norm: bool):
        super().__init__()
        self.up = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.convolutions = sequence(outputs + skip, [outputs] * 2, batch_norm)

    def forward(self, x: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        return self.convolutions(torch.cat([self.up(x), skip], 1))


class UNet(nn.Module):
    def __init__(self, batch_norm: bool) -> None:
        super().__init__()
        self.encoder = Encoder(batch_norm)
        bottom = [channels(c) for c in (1024, 1024, 1024, 512)]
        self.bottleneck = sequence(channels(512), bottom, batch_norm)
        steps, inputs = [], bottom[-1]
        for skip, outputs in zip((512, 512, 256, 128, 64), (512, 256, 128, 64, 32)):
            steps.append(Step(inputs, channels(skip), channels(outputs), batch_norm))
            inputs = channels(outputs)
        self.decoder = nn.ModuleList(steps)
        self.head = nn.Conv2d(inputs, 1, 1)
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]), False)
        self.register_buffer("deviation", torch.tensor([0.229, 0.224, 0.225]), False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = (x - self.mean.view(3, 1, 1)) / self.deviation.view(3, 1, 1)
        skips = []
        for layer in self.encoder.features:
            if isinstance(layer, nn.MaxPool2d):
                skips.append(x)
            x = layer(x)
        x = self.bottleneck(x)
        for step in self.decoder:
            x = step(x, skips.pop())
        return self.head(x)


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
    model = UNet(batch_norm).train()
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
