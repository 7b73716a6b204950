"""Runs bioimage.io packages with bioimageio.core on their test input, and
stores every 97th value of what they give, for the test beside.

Needs bioimageio.core, onnxruntime and a pydantic below 2.13.

    deno run -P=test write_foreign_packages.ts FOLDER
    python predict_foreign_packages.py FOLDER > fixtures/foreign_packages.json
"""

import json
import sys
from pathlib import Path

import numpy as np
from bioimageio.core import load_model_description, predict

found = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    model = load_model_description(path / "rdf.yaml")
    sample = predict(model=model, inputs={"raw": np.load(path / "input.npy")})
    [values] = [member.data.data for member in sample.members.values()]
    values = np.asarray(values)
    found[path.name] = {
        "shape": values.shape,
        "values": [round(float(value), 6) for value in values.ravel()[::97]],
    }
json.dump(found, sys.stdout)
