"""Opens an image with its labels in napari, and saves the corrected labels.

Needs Python with napari: pip install "napari[all]". The first folder is the
output of unet segment --format labels, the second a dataset for unet train:

    python correct.py cells.png masks/cells_labels.tif pairs

Closing the window saves pairs/masks/cells.tif, and a copy of the image as
pairs/images/cells.png. With --picture FILE nothing is saved: the window is
drawn into the file, and closed.
"""
import argparse
import os
import pathlib
import shutil

import napari
import numpy as np
import tifffile
from napari.utils.notifications import show_info


def read_labels(path: pathlib.Path, shape: tuple[int, ...]) -> np.ndarray:
    """The labels as numbers; refused if they are not the image's."""
    labels = tifffile.imread(path)
    if labels.shape != shape[: labels.ndim]:
        raise SystemExit(
            f'Cannot open labels "{path}": found {labels.shape}, '
            f"expected {shape[: labels.ndim]} as the image")
    return labels


def save(labels: np.ndarray, image: pathlib.Path, dataset: pathlib.Path) -> pathlib.Path:
    """Saves image and mask as a pair, the mask complete or not at all."""
    mask = dataset / "masks" / f"{image.stem}.tif"
    for folder in (mask.parent, dataset / "images"):
        folder.mkdir(parents=True, exist_ok=True)
    copy = dataset / "images" / image.name
    if not (copy.exists() and copy.samefile(image)):
        shutil.copyfile(image, copy)
    dtype = np.uint16 if labels.max(initial=0) < 2**16 else np.uint32
    hidden = mask.with_name(f".{mask.name}.part")
    tifffile.imwrite(hidden, labels.astype(dtype), compression="zlib")
    os.replace(hidden, mask)
    return mask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image", type=pathlib.Path)
    parser.add_argument("labels", type=pathlib.Path)
    parser.add_argument("dataset", type=pathlib.Path)
    parser.add_argument("--picture", type=pathlib.Path)
    given = parser.parse_args()

    viewer = napari.Viewer(title=given.image.name)
    (layer,) = viewer.open(given.image, layer_type="image", plugin="napari")
    labels = viewer.add_labels(
        read_labels(given.labels, layer.data.shape), name="nuclei", opacity=0.5)
    labels.contour = 1
    labels.mode = "paint"
    labels.brush_size = 4
    # A new number for each object that is drawn: M in the window.
    labels.selected_label = int(labels.data.max()) + 1
    if given.picture:
        viewer.window.resize(1100, 750)
        viewer.reset_view()
        for _ in range(50):
            napari.qt.get_qapp().processEvents()
        viewer.screenshot(given.picture, canvas_only=False, flash=False)
        viewer.close()
        return
    show_info("Close the window to save the labels")
    napari.run()
    print(save(np.asarray(labels.data), given.image, given.dataset))


if __name__ == "__main__":
    main()
