"""Times Albumentations 2 on one core; augment.ts runs it and reads its one line of JSON.

Needs albumentations, opencv-python-headless and numpy. Takes tiles, rounds and
images as arguments, and from stdin the images (256 x 256 x 3, uint8) followed
by their masks (256 x 256, int32).
"""

import json
import platform
import sys
import time

import albumentations as A
import cv2
import numpy as np

cv2.setNumThreads(1)
SIZE, WARM_UP = 256, 30
tiles, rounds, count = map(int, sys.argv[1:])
raw = sys.stdin.buffer.read()
pixels = count * SIZE * SIZE
images = np.frombuffer(raw, np.uint8, 3 * pixels).reshape(count, SIZE, SIZE, 3)
masks = np.frombuffer(raw, np.int32, pixels, offset=3 * pixels).reshape(count, SIZE, SIZE)

REFLECT = {"border_mode": cv2.BORDER_REFLECT_101}
# As smooth and as strong as spacing 32 and sigma 2.5: a cubic B-spline is close
# to a Gaussian of 0.58 spacings, and blurring noise by s leaves 1 / (2 s sqrt(pi)).
MATCHED = {"sigma": 18, "alpha": 160, **REFLECT}


def five(elastic, rotation):
    return A.Compose(
        [
            A.HorizontalFlip(p=0.5),
            A.VerticalFlip(p=0.5),
            A.Rotate(limit=180, p=0.5, **rotation),
            A.CoarseDropout(num_holes_range=(1, 3), p=0.5),
            A.ElasticTransform(p=0.5, **elastic),
        ],
        seed=0,
    )


def elastic(**settings):
    return A.Compose([A.ElasticTransform(p=1, **settings)], seed=0)


CASES = {
    "five": {"as it comes": five({}, {}), "same field": five(MATCHED, REFLECT)},
    "elastic": {
        "as it comes": elastic(),
        "same field": elastic(**MATCHED),
        "approximate=True": elastic(approximate=True),
    },
}
ALONE = {
    "hed": A.HEStain(p=1),
    "hue": A.HueSaturationValue(p=1),
    "channel-shuffle": A.ChannelShuffle(p=1),
    "gray": A.ToGray(p=1),
    "invert": A.InvertImg(p=1),
    "local-contrast": A.CLAHE(p=1),
    "gamma": A.RandomGamma(p=1),
    "blur": A.GaussianBlur(p=1),
    "noise": A.GaussNoise(p=1),
    "jpeg": A.ImageCompression(quality_range=(30, 90), p=1),
}
for name, change in ALONE.items():
    CASES[name] = {type(change).__name__: A.Compose([change], seed=0)}


def milliseconds_per_tile(pipeline):
    for i in range(WARM_UP):
        pipeline(image=images[i % count], mask=masks[i % count])
    result = []
    for _ in range(rounds):
        start = time.perf_counter()
        for i in range(tiles):
            pipeline(image=images[i % count], mask=masks[i % count])
        result.append((time.perf_counter() - start) * 1000 / tiles)
    return result


print(
    json.dumps(
        {
            "versions": {
                "albumentations": A.__version__,
                "opencv": cv2.__version__,
                "numpy": np.__version__,
                "python": platform.python_version(),
            },
            "cases": {
                case: {name: milliseconds_per_tile(p) for name, p in variants.items()}
                for case, variants in CASES.items()
            },
        }
    )
)
