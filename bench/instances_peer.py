"""Splits nuclei with scikit-image on a whole mask, and prints how long it took.

Takes width and height, and on standard input a byte a pixel, 1 on nuclei.
"""

import json
import resource
import sys
import time

import numpy as np
from scipy import ndimage
from skimage.measure import label
from skimage.morphology import local_maxima, reconstruction, remove_small_objects
from skimage.segmentation import watershed

width, height = map(int, sys.argv[1:])
mask = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(height, width) > 0

start = time.perf_counter()
every = np.ones((3, 3), bool)
mask = remove_small_objects(label(mask, connectivity=2), max_size=19) > 0
relief = ndimage.distance_transform_edt(mask)
relief = np.where(mask, ndimage.gaussian_filter(relief, 1), 0)
lowered = reconstruction(relief - 0.5, relief, footprint=every)
markers = label(local_maxima(lowered, connectivity=2) & mask, connectivity=2)
labels = watershed(-relief, markers, mask=mask, connectivity=2)
labels = remove_small_objects(labels, max_size=19)
count = len(np.unique(labels)) - 1
seconds = time.perf_counter() - start

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "instances": count, "megabytes": peak}))
