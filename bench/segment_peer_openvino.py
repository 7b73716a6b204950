"""Segments a folder of PNG images with an exported network in OpenVINO.

Needs openvino and pillow; segment.ts runs it and times the whole process. Takes
as JSON the network, the images' folder and size, the folder for masks, the
threshold and the number of threads. One image follows another: decode, network,
threshold, PNG.
"""

import json
import sys
from pathlib import Path

import numpy as np
import openvino
from openvino import properties
from PIL import Image

request = json.loads(sys.argv[1])
core = openvino.Core()
network = core.read_model(request["network"])
network.reshape({"image": [1, 3, request["size"], request["size"]]})
settings = {
    properties.inference_num_threads: request["threads"],
    properties.hint.performance_mode: "LATENCY",
    # Else it computes in bfloat16 where the processor can.
    properties.hint.inference_precision: openvino.Type.f32,
}
run = core.compile_model(network, "CPU", settings).create_infer_request()
out = Path(request["out"])
out.mkdir(parents=True, exist_ok=True)
for path in sorted(Path(request["images"]).glob("*.png")):
    pixels = np.asarray(Image.open(path).convert("RGB"))
    image = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], np.float32)
    run.infer({"image": image}, share_inputs=True)
    probability = run.get_tensor("probability").data[0, 0]
    mask = np.where(probability > request["threshold"], 255, 0).astype(np.uint8)
    Image.fromarray(mask).save(out / path.name)
print(f"Device: {openvino.__version__.split('-')[0]} (float32)", flush=True)
