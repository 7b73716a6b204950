"""Times inference of an exported network in OpenVINO; devices.ts runs it.

Needs openvino. Takes the measurement as JSON and prints one line of JSON. For
int8, the network that it reads is quantized already.
"""

import numpy as np
import openvino
from openvino import properties
from peer_measurement import choose_way, read_request, report, time_steps

request = read_request()
batch, size, threads = request["batch"], request["size"], request["threads"]
core = openvino.Core()
random = np.random.default_rng(0)
images = random.integers(0, 256, (batch, 3, size, size)).astype(np.float32)


def compile_for(count: int, hint: str) -> openvino.CompiledModel:
    network = core.read_model(request["network"])
    network.reshape({"image": [count, 3, size, size]})
    settings = {
        properties.inference_num_threads: threads,
        properties.hint.performance_mode: hint,
    }
    if request["precision"] == "float32":
        # Else it computes in bfloat16 where the processor can.
        settings[properties.hint.inference_precision] = openvino.Type.f32
    return core.compile_model(network, "CPU", settings)


def whole_batch():
    request = compile_for(batch, "LATENCY").create_infer_request()
    return lambda: request.infer({0: images}, share_inputs=True)


def one_by_one():
    request = compile_for(1, "LATENCY").create_infer_request()

    def step() -> None:
        for at in range(batch):
            request.infer({0: images[at : at + 1]}, share_inputs=True)

    return step


def in_parallel():
    # As many requests at a time as OpenVINO finds best.
    queue = openvino.AsyncInferQueue(compile_for(1, "THROUGHPUT"))

    def step() -> None:
        for at in range(batch):
            queue.start_async({0: images[at : at + 1]}, share_inputs=True)
        queue.wait_all()

    return step


ways = {"latency hint, the batch at once": whole_batch}
if batch > 1:
    ways["latency hint, one image after another"] = one_by_one
    ways["throughput hint, images in parallel"] = in_parallel
way, step = choose_way(ways)
version = openvino.__version__.split("-")[0]
report(version, time_steps(step, request), way=way)
