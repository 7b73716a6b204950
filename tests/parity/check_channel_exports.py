"""Checks ONNX exports of a network of two channels with onnx, runs them with
ONNX Runtime, and stores what they give: the test beside compares that with our
own numbers.

Needs onnx, onnxruntime and numpy.

    deno run -P=test write_channel_exports.ts FOLDER
    python check_channel_exports.py FOLDER

numpy judges the normalization (percentile, method="inverted_cdf"): an export
that normalizes must give what one that does not gives for normalized channels.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

folder = Path(sys.argv[1])
SHAPE = (2, 2, 64, 96)


def noise(count: int, stream: int) -> np.ndarray:
    """Values in -1…1 from a formula that any language repeats."""
    raw = np.sin(np.arange(count) * 12.9898 + stream * 78.233) * 43758.5453
    return (raw - np.floor(raw)) * 2 - 1


def run(name: str, image: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(str(folder / name), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": image.astype(np.float32)})


def normalized(channel: np.ndarray) -> np.ndarray:
    low, high = (np.percentile(channel, p, method="inverted_cdf") for p in (1, 99.8))
    if low == high:
        low, high = channel.min(), channel.max()
    return np.clip((channel - low) / (high - low), 0, 1) if low < high else np.zeros_like(channel)


# 16 bits in one channel, a hundredth of that in the other.
pixels = np.floor((noise(int(np.prod(SHAPE)), 1001) * 0.5 + 0.5) * 65535).reshape(SHAPE)
pixels[:, 1] = np.floor(pixels[:, 1] / 100)
few = np.full(SHAPE, 7.0)
few[:, 0, 3, 5] = 900
images = {
    "noise": pixels,
    "odd size": pixels[:, :, :41, :33],
    "few bright pixels, and a constant channel": few,
    "one pixel": pixels[:1, :, :1, :1],
}
for name in ("inside.onnx", "outside.onnx"):
    onnx.checker.check_model(folder / name, full_check=True)
for what, image in images.items():
    seen = np.stack([np.stack([normalized(channel) for channel in one]) for one in image])
    for ours, expected in zip(run("inside.onnx", image), run("outside.onnx", seen)):
        tolerance = 1e-5 * max(1, abs(expected).max())
        assert np.isfinite(ours).all(), what
        assert abs(ours - expected).max() < tolerance, (what, abs(ours - expected).max())
model = onnx.load(folder / "inside.onnx")
outputs = run("inside.onnx", pixels)
result = {
    "shape": SHAPE,
    "input": [dim.dim_param or dim.dim_value for dim in model.graph.input[0].type.tensor_type.shape.dim],
    "logits": [float(v) for v in outputs[0].flatten()[::64]],
}
path = Path(__file__).parent / "fixtures" / "channel_exports.json"
path.write_text(json.dumps(result, indent=1) + "\n")
print(result["input"], len(result["logits"]))
