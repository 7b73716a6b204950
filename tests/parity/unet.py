"""The report's network in PyTorch, as the fixtures and the benchmarks build it.

Needs torch. The names of its parameters are those of our files.
"""

from collections.abc import Callable

import torch
from torch import nn

# torchvision's configuration "D"; "M" is a 2 x 2 max pooling.
VGG16 = (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M")


def sequence(inputs: int, outputs: list[int], batch_norm: bool) -> nn.Sequential:
    layers: list[nn.Module] = []
    for count in outputs:
        layers.append(nn.Conv2d(inputs, count, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(count))
        layers.append(nn.ReLU())
        inputs = count
    return nn.Sequential(*layers)


def make_vgg(plan: list[int | str], batch_norm: bool) -> nn.Sequential:
    """Does as torchvision's make_layers, for where there is no torchvision."""
    layers: list[nn.Module] = []
    inputs = 3
    for entry in plan:
        if entry == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers.extend(sequence(inputs, [entry], batch_norm))
            inputs = entry
    return nn.Sequential(*layers)


class Encoder(nn.Module):
    def __init__(self, features: nn.Sequential) -> None:
        super().__init__()
        self.features = features


class Step(nn.Module):
    def __init__(self, inputs: int, skip: int, outputs: int, batch_norm: bool):
        super().__init__()
        self.up = nn.ConvTranspose2d(inputs, outputs, 2, stride=2)
        self.convolutions = sequence(outputs + skip, [outputs] * 2, batch_norm)

    def forward(self, x: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        return self.convolutions(torch.cat([self.up(x), skip], 1))


class UNet(nn.Module):
    def __init__(
        self,
        width: float,
        batch_norm: bool,
        make_features: Callable[[list[int | str], bool], nn.Sequential] = make_vgg,
    ) -> None:
        super().__init__()

        def channels(count: int) -> int:
            return max(1, round(count * width))

        plan = [c if c == "M" else channels(c) for c in VGG16]
        self.encoder = Encoder(make_features(plan, batch_norm))
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
