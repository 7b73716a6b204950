"""Runs the Paper's network in PyTorch and stores what comes out.

Needs torch and safetensors. Weights and inputs come from the formula of
make_unet_fixtures.py. Stored are the two channels' difference, the weighted
softmax cross entropy and its gradients; and the count of parameters at full
width. With frozen batch norm the network trains in evaluation mode.

    python make_paper_fixtures.py
"""

from pathlib import Path

import numpy as np
import torch
from make_unet_fixtures import fill, noise
from paper_unet import PaperUNet
from safetensors.numpy import save_file
from torch import nn

WIDTH = 1 / 64


def make(name: str, padding: int, batch_norm: bool, shape: tuple, frozen: bool = False) -> None:
    torch.set_num_threads(1)
    model = PaperUNet(WIDTH, padding, batch_norm).train()
    with torch.no_grad():
        fill(model)
    if frozen:
        model.eval()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.requires_grad_(False)
    count = int(np.prod(shape))
    x = torch.from_numpy((noise(count, 1001) * 0.5 + 0.5).astype(np.float32)).view(shape)
    logits = model(x)
    size = (shape[0], *logits.shape[2:])
    pixels = int(np.prod(size))
    target = torch.from_numpy((noise(pixels, 1002) > 0.3).astype(np.int64)).view(size)
    weights = torch.from_numpy((noise(pixels, 1003) + 2).astype(np.float32)).view(size)
    entropy = nn.functional.cross_entropy(logits, target, reduction="none")
    loss = (entropy * weights).mean()
    loss.backward()
    with torch.device("meta"):
        parameters = sum(p.numel() for p in PaperUNet().parameters())
    out = {
        "logits": (logits[:, 1:] - logits[:, :1]).detach(),
        "loss": loss.detach().view(1),
        "parameters": torch.tensor([parameters]),
    }
    for key, parameter in model.named_parameters():
        if parameter.requires_grad:
            out[f"gradient/{key}"] = parameter.grad
    arrays = {key: value.contiguous().numpy() for key, value in out.items()}
    path = Path(__file__).parent / "fixtures" / f"{name}.safetensors"
    save_file(arrays, path, {"torch": torch.__version__})
    print(path.name, parameters, logits.shape, path.stat().st_size)


make("paper_valid", 0, False, (2, 3, 204, 188))
make("paper_same", 1, True, (2, 3, 48, 64))
make("paper_frozen", 1, True, (2, 3, 48, 64), frozen=True)
