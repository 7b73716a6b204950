"""Quantizes an exported network to int8 by NNCF; network_files.ts runs it.

Needs openvino and nncf. Takes as JSON the network's file, the file to write
(.xml) and the height and width of images, and prints `null`. It calibrates on
four random images: that costs accuracy, not time.
"""

import json
import logging
import sys

import numpy as np
import openvino

logging.disable(logging.WARNING)
import nncf  # noqa: E402

request = json.loads(sys.argv[1])
shape = [1, 3, request["size"], request["size"]]
network = openvino.Core().read_model(request["network"])
network.reshape({"image": shape})
random = np.random.default_rng(0)
images = [random.integers(0, 256, shape).astype(np.float32) for _ in range(4)]
data = nncf.Dataset(images)
quantized = nncf.quantize(network, data, subset_size=len(images))
openvino.save_model(quantized, request["out"], compress_to_fp16=False)
print("null", flush=True)
