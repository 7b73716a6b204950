"""Runs segmentation_models.pytorch's Unet around residual encoders and stores
what comes out.

Needs torch, segmentation_models_pytorch and safetensors. The networks are the
package's own with every layer's channels divided by 32; the input is normalized
before, as in our model. Weights and inputs come from a formula that the test
repeats, so that only results are stored: logits, loss, all gradients, running
statistics, and after one step of SGD the logits in evaluation mode, which
depend on every updated weight. All is computed in double precision, on inputs
that training_step.py chooses.

    python make_resnet_fixtures.py
"""

import segmentation_models_pytorch as smp
import torch
from make_unet_fixtures import OFFSET, fill, inputs
from torch import nn
from training_step import store

WIDTH = 1 / 32
# None of one channel, whose gradients cancel to nothing.
CHANNELS = (256, 128, 64, 64, 64)
MEAN = torch.tensor([0.485, 0.456, 0.406]).double().view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).double().view(3, 1, 1)


def scaled(count: int) -> int:
    return max(1, int(count * WIDTH + 0.5))


def narrowed(model: nn.Module) -> nn.Module:
    """Divides the channels of all layers but the image's and the logits'."""
    for path, module in list(model.named_modules()):
        owner, _, leaf = path.rpartition(".")
        parent = model.get_submodule(owner)
        if isinstance(module, nn.Conv2d):
            inputs = 3 if module.in_channels == 3 else scaled(module.in_channels)
            outputs = 1 if module.out_channels == 1 else scaled(module.out_channels)
            layer: nn.Module = nn.Conv2d(
                inputs, outputs, module.kernel_size, module.stride, module.padding,
                bias=module.bias is not None,
            )
        elif isinstance(module, nn.BatchNorm2d):
            layer = nn.BatchNorm2d(scaled(module.num_features))
        else:
            continue
        setattr(parent, leaf, layer)
    return model


def normalized(stream: int) -> tuple[torch.Tensor, torch.Tensor]:
    x, y = inputs(stream)
    return (x - MEAN) / DEVIATION, y


def keeps(key: str) -> bool:
    return not key.startswith("updated/") or (
        "running_" in key or key.startswith("updated/segmentation_head")
    )


def make(name: str) -> None:
    model = smp.Unet(name, encoder_weights=None, decoder_channels=CHANNELS)
    model = narrowed(model)
    with torch.no_grad():
        fill(model, OFFSET)
    store(name, model, normalized, keeps=keeps, smp=smp.__version__)


if __name__ == "__main__":
    make("resnet34")
    make("resnet50")
