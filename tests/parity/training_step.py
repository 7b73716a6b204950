"""A training step in PyTorch, stored for an input on which it is steady.

Devices round, and add up in orders of their own. Where a value before ReLU is
that near to 0, or two values under max pooling that near to each other, one
device takes the other branch, and the gradient jumps. A test must not depend on
that. So the input is searched for: a stream of the formula's numbers on which
nothing that is stored moves by more than LIMIT (in the test's own measure) while
the result of every convolution, and the gradient that enters it, is off by
noise of NOISE times its root mean square, some hundred times what float32
rounds off in such layers. LIMIT / NOISE bounds how far such an error grows.
Noise of its own per value averages out in a long sum; what float32 rounds off
in the sum itself does not, and is left to the test's tolerance. The stream's
number stands in the file's metadata, where the test reads it.

Needs torch and safetensors.
"""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import torch
from safetensors.numpy import save_file
from torch import nn

NOISE = 1e-5
LIMIT = 1e-3
TRIALS = 8
FIRST_STREAM = 1001

Outputs = dict[str, torch.Tensor]


class Perturb(torch.autograd.Function):
    """Adds noise to a layer's result, and to the gradient that comes back."""

    @staticmethod
    def forward(context, x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        context.generator = generator
        return perturbed(x, generator)

    @staticmethod
    def backward(context, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        return perturbed(gradient, context.generator), None


def perturbed(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    noise = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return x + NOISE * x.square().mean().sqrt() * noise


def train(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> Outputs:
    """Takes one step of SGD; returns all that came out before and after it."""
    model.train()
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3
    )
    optimizer.zero_grad()
    logits = model(x)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, y)
    loss.backward()
    out = {"logits": logits.detach(), "loss": loss.detach().view(1)}
    for key, parameter in model.named_parameters():
        out[f"gradient/{key}"] = parameter.grad.clone()
    optimizer.step()
    for key, tensor in model.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            out[f"updated/{key}"] = tensor.clone()
    model.eval()
    with torch.no_grad():
        out["evaluated"] = model(x)
    return out


def difference(actual: Outputs, expected: Outputs) -> float:
    """The largest relative error by tensors, as the test measures it."""
    return max(
        (actual[key] - value).norm().item()
        / max(value.norm().item(), 1e-4 if key.startswith("gradient/") else 0)
        for key, value in expected.items()
    )


def steady(
    model: nn.Module, inputs: Callable[[int], tuple[torch.Tensor, torch.Tensor]]
) -> tuple[int, Outputs]:
    """The first stream on which the model, in float64, is steady; and its outputs."""
    generator = torch.Generator()
    start = {key: tensor.clone() for key, tensor in model.state_dict().items()}
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    layers = [module for module in model.modules() if isinstance(module, kinds)]

    def run(stream: int, seed: int | None) -> Outputs:
        model.load_state_dict(start)
        if seed is None:
            return train(model, *inputs(stream))
        generator.manual_seed(seed)
        hooks = [
            layer.register_forward_hook(lambda _, __, x: Perturb.apply(x, generator))
            for layer in layers
        ]
        out = train(model, *inputs(stream))
        for hook in hooks:
            hook.remove()
        return out

    for stream in count(FIRST_STREAM):
        expected = run(stream, None)
        if all(difference(run(stream, seed), expected) < LIMIT for seed in range(TRIALS)):
            return stream, expected
    raise AssertionError("count() has no end")


def store(
    name: str,
    model: nn.Module,
    inputs: Callable[[int], tuple[torch.Tensor, torch.Tensor]],
    *,
    keeps: Callable[[str], bool] = lambda _: True,
    **versions: str,
) -> None:
    """Stores what comes out of the filled model for a steady input."""
    torch.set_num_threads(1)
    stream, out = steady(model.double(), inputs)
    arrays = {
        key: value.float().contiguous().numpy() for key, value in out.items() if keeps(key)
    }
    path = Path(__file__).parent / "fixtures" / f"{name}.safetensors"
    save_file(arrays, path, {"stream": str(stream), "torch": torch.__version__, **versions})
    print(path.name, stream, out["loss"].item(), path.stat().st_size)
