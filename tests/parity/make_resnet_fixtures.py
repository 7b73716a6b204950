"""Runs segmentation_models.pytorch's Unet around residual encoders and stores
what comes out.

Needs torch, segmentation_models_pytorch and safetensors. The networks are the
package's own with every layer's channels divided by 32; the input is normalized
before, as in our model. Weights and inputs come from a formula that the test
repeats, so that only results are stored: logits, loss, all gradients, running
statistics, and after one step of SGD the logits in evaluation mode, which
depend on every updated weight. All is computed in double precision.

    python make_resnet_fixtures.py
"""

from pathlib import Path

import numpy as np
import segmentation_models_pytorch as smp
import torch
from make_unet_fixtures import SHAPE, fill, noise
from safetensors.numpy import save_file
from torch import nn

WIDTH = 1 / 32
# None of one channel, whose gradients cancel to nothing.
CHANNELS = (256, 128, 64, 64, 64)
# So many layers of so few channels are ill-conditioned: of 250 inputs, the
# one for which PyTorch's gradients in float32 are nearest to those in float64.
STREAMS = {"resnet34": 1233, "resnet50": 1184}
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


def make(name: str) -> None:
    torch.set_num_threads(1)
    model = smp.Unet(name, encoder_weights=None, decoder_channels=CHANNELS)
    model = narrowed(model).train()
    with torch.no_grad():
        fill(model)
    model.double()
    count = int(np.prod(SHAPE))
    x = noise(count, STREAMS[name]) * 0.5 + 0.5
    x = torch.from_numpy(x.astype(np.float32)).double().view(SHAPE)
    x = (x - MEAN) / DEVIATION
    y = torch.from_numpy((noise(count // 3, 1002) > 0.3).astype(np.float64))
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
        if "running_" in key or key.startswith("segmentation_head"):
            out[f"updated/{key}"] = tensor.detach().clone()
    model.eval()
    with torch.no_grad():
        out["evaluated"] = model(x)
    arrays = {key: value.float().contiguous().numpy() for key, value in out.items()}
    path = Path(__file__).parent / "fixtures" / f"{name}.safetensors"
    save_file(arrays, path, {"torch": torch.__version__, "smp": smp.__version__})
    print(path.name, loss.item(), path.stat().st_size)


if __name__ == "__main__":
    for each in STREAMS:
        make(each)
