"""The Paper's U-Net in PyTorch (Ronneberger et al., 2015), unpadded or padded.

Needs torch. The names of its parameters are those of our files.
"""

import torch
from torch import nn

DOWN = (64, 128, 256, 512)


class PaperUNet(nn.Module):
    def __init__(self, width: float = 1, padding: int = 0, batch_norm: bool = False):
        super().__init__()

        def pair(inputs: int, outputs: int) -> list[nn.Module]:
            layers: list[nn.Module] = []
            for count in (inputs, outputs):
                layers.append(nn.Conv2d(count, outputs, 3, padding=padding))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(outputs))
                layers.append(nn.ReLU())
            return layers

        down = [max(1, round(count * width)) for count in DOWN]
        bottom = max(1, round(1024 * width))
        features, inputs = [], 3
        for count in down:
            features += [*pair(inputs, count), nn.MaxPool2d(2)]
            inputs = count
        self.encoder = nn.Module()
        self.encoder.features = nn.Sequential(*features)
        self.bottleneck = nn.Sequential(*pair(inputs, bottom))
        self.decoder, inputs = nn.ModuleList(), bottom
        for count in reversed(down):
            step = nn.Module()
            step.up = nn.ConvTranspose2d(inputs, count, 2, stride=2)
            step.convolutions = nn.Sequential(*pair(2 * count, count))
            self.decoder.append(step)
            inputs = count
        self.head = nn.Conv2d(inputs, 2, 1)
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
            x, skip = step.up(x), skips.pop()
            top = (skip.shape[2] - x.shape[2]) // 2
            left = (skip.shape[3] - x.shape[3]) // 2
            skip = skip[:, :, top : top + x.shape[2], left : left + x.shape[3]]
            x = step.convolutions(torch.cat([x, skip], 1))
        return self.head(x)
