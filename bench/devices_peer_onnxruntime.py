"""Times inference of an exported network in ONNX Runtime; devices.ts runs it.

Needs onnxruntime. Takes the measurement as JSON and prints one line of JSON.
"""

import numpy as np
import onnxruntime
from peer_measurement import choose_way, read_request, report, time_steps

request = read_request()
batch, size = request["batch"], request["size"]


def open_session(count: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = request["threads"]
    # Fixed shapes let it plan its memory ahead.
    for name, value in (("batch", count), ("height", size), ("width", size)):
        options.add_free_dimension_override_by_name(name, value)
    return onnxruntime.InferenceSession(
        request["network"], options, providers=["CPUExecutionProvider"]
    )


random = np.random.default_rng(0)
images = random.integers(0, 256, (batch, 3, size, size)).astype(np.float32)


def whole_batch():
    session = open_session(batch)
    return lambda: session.run(["probability"], {"image": images})


def one_by_one():
    session = open_session(1)

    def step() -> None:
        for at in range(batch):
            session.run(["probability"], {"image": images[at : at + 1]})

    return step


ways = {"the batch at once": whole_batch}
if batch > 1:
    ways["one image after another"] = one_by_one
way, step = choose_way(ways)
report(onnxruntime.__version__, time_steps(step, request), way=way)
