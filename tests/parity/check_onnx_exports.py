"""Checks ONNX exports with onnx, runs them with ONNX Runtime, and stores what
they give: the test beside compares that with our own numbers.

Needs onnx, onnxruntime and numpy.

    deno run -P=test write_exports.ts FOLDER
    python check_onnx_exports.py FOLDER

numpy judges the padding: an export that takes any size must give for an image
what one that takes fitting sizes gives for the image in numpy's padding
(mode="reflect"). It judges the stretch too (percentile, method="inverted_cdf").
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

folder = Path(sys.argv[1])
SHAPE = (2, 3, 75, 50)


def noise(count: int, stream: int) -> np.ndarray:
    """Values in -1…1 from a formula that any language repeats."""
    raw = np.sin(np.arange(count) * 12.9898 + stream * 78.233) * 43758.5453
    return (raw - np.floor(raw)) * 2 - 1


def run(name: str, image: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(str(folder / name), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": image.astype(np.float32)})


def padded(image: np.ndarray, fit) -> tuple[np.ndarray, list[int]]:
    pads = [(0, 0), (0, 0)]
    for size in image.shape[2:]:
        before = (fit(size) - size) // 2
        pads.append((before, fit(size) - size - before))
    return np.pad(image, pads, mode="reflect"), [before for before, _ in pads[2:]]


def stretched(image: np.ndarray) -> np.ndarray:
    low, high = np.percentile(image, [0.1, 99.9], method="inverted_cdf")
    if high >= 128 and image.max() <= 255:
        return image
    return np.floor(np.clip((image - low) * (255 / (high - low)), 0, 255) + 0.5)


def multiple_of_32(size: int) -> int:
    return -(-size // 32) * 32


def paper_size(size: int) -> int:
    return max(188, -(-(size + 184 - 12) // 16) * 16 + 12)


pixels = np.floor((noise(int(np.prod(SHAPE)), 1001) * 0.5 + 0.5) * 255).reshape(SHAPE)
images = {
    "bright": pixels,
    "dark": np.floor(pixels / 3),
    "deep": pixels * 16 + 3,
    "narrow": pixels[:, :, :40, :3],
    "one pixel": pixels[:1, :, :1, :1],
}
result: dict = {"shape": SHAPE}
for name, fitting, fit, margin in (
    ("folded.onnx", "fitting.onnx", multiple_of_32, 0),
    ("kept.onnx", "fitting.onnx", multiple_of_32, 0),
    ("half.onnx", "fitting.onnx", multiple_of_32, 0),
    ("borders.onnx", "borders_fitting.onnx", multiple_of_32, 0),
    ("paper.onnx", "paper_fitting.onnx", paper_size, 92),
):
    model = onnx.load(folder / name)
    for path in (name, fitting):
        onnx.checker.check_model(folder / path, full_check=True)
    for what, image in images.items():
        seen = np.concatenate([stretched(one[None]) for one in image])
        whole, (top, left) = padded(seen, fit)
        height, width = image.shape[2:]
        rows, columns = (slice(at - margin, at - margin + size) for at, size in ((top, height), (left, width)))
        for ours, theirs in zip(run(name, image), run(fitting, whole)):
            expected = theirs[:, :, rows, columns]
            tolerance = (1e-2 if name == "half.onnx" else 1e-5) * max(1, abs(expected).max())
            assert ours.shape == expected.shape, (name, what, ours.shape, expected.shape)
            assert abs(ours - expected).max() < tolerance, (name, what, abs(ours - expected).max())
    outputs = run(name, pixels)
    result[name] = {
        "opset": model.opset_import[0].version,
        "operators": sorted({node.op_type for node in model.graph.node}),
        "metadata": sorted(entry.key for entry in model.metadata_props),
        "shapes": [list(one.shape) for one in outputs],
        "logits": [float(v) for v in outputs[0].flatten()[::64]],
    }
path = Path(__file__).parent / "fixtures" / "onnx_exports.json"
path.write_text(json.dumps(result, indent=1) + "\n")
print({name: one["shapes"] for name, one in result.items() if name != "shape"})
