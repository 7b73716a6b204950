"""Judges slides with openslide-python: python judge_slides.py JOB.json

A job is {"svs", "dicom", "pyramids", "out"}: a slide of Aperio's, the folder
into which wsidicomizer writes it as DICOM, pyramids of this program's, and a
folder for what is read. Each level of each is read whole, and
written as red, green, blue over white. Prints the files, levels and downsamples
as JSON. Needs openslide-python, wsidicomizer, numpy and libturbojpeg.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import openslide


def read(path, out):
    slide, levels = openslide.OpenSlide(path), []
    for level, (width, height) in enumerate(slide.level_dimensions):
        pixels = np.asarray(slide.read_region((0, 0), level, (width, height)))
        alpha = pixels[..., 3:].astype(np.float64) / 255
        colors = np.round(pixels[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
        name = str(Path(out) / f"{Path(path).name}-{level}.rgb")
        colors.tofile(name)
        step = slide.level_downsamples[level]
        levels.append({"width": width, "height": height, "downsample": step, "rgb": name})
    return {"path": str(path), "levels": levels}


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        job = json.load(file)
    tool = Path(sys.executable).parent / "wsidicomizer"
    subprocess.run(
        [tool, "-i", job["svs"], "-o", job["dicom"]],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    largest = max(Path(job["dicom"]).iterdir(), key=lambda path: path.stat().st_size)
    files = [job["svs"], str(largest), *job["pyramids"]]
    print(json.dumps([read(path, job["out"]) for path in files]))
