"""Asks a server by Triton's own client, and reads its metrics by Prometheus' own
parser; prints what they found as JSON.

    pip install "tritonclient[http]" prometheus_client
    python judge_serving.py ADDRESS MODEL WIDTH HEIGHT < IMAGE

IMAGE is the values of a color image of 8 bits; ADDRESS is HOST:PORT.
"""

import json
import sys
import urllib.request

import numpy
import tritonclient.http as http
from prometheus_client.parser import text_string_to_metric_families
from tritonclient.utils import InferenceServerException

address, model, width, height = sys.argv[1:]
shape = (1, int(height), int(width), 3)
image = numpy.frombuffer(sys.stdin.buffer.read(), numpy.uint8).reshape(shape)
client = http.InferenceServerClient(
    address, connection_timeout=600, network_timeout=600
)


def infer(binary: bool, name: str = model) -> http.InferResult:
    tensor = http.InferInput("image", shape, "UINT8")
    tensor.set_data_from_numpy(image, binary_data=binary)
    outputs = [
        http.InferRequestedOutput(output, binary_data=binary)
        for output in ("object", "labels")
    ]
    return client.infer(name, [tensor], outputs=outputs, request_id="judge")


in_json, in_bytes = infer(False), infer(True)
every = client.infer(
    model,
    [http.InferInput("image", shape, "UINT8").set_data_from_numpy(image)],
)
try:
    infer(True, "unknown")
    refusal = None
except InferenceServerException as error:
    refusal = error.message()
with urllib.request.urlopen(f"http://{address}/metrics") as answer:
    families = {
        family.name: family.type
        for family in text_string_to_metric_families(answer.read().decode())
    }
labels = in_bytes.as_numpy("labels")
print(json.dumps({
    "live": client.is_server_live(),
    "ready": client.is_server_ready() and client.is_model_ready(model, "1"),
    "server": client.get_server_metadata(),
    "model": client.get_model_metadata(model),
    "id": in_bytes.get_response()["id"],
    "same": all(
        numpy.array_equal(in_json.as_numpy(name), in_bytes.as_numpy(name))
        and numpy.array_equal(every.as_numpy(name), in_bytes.as_numpy(name))
        for name in ("object", "labels")
    ),
    "type": str(labels.dtype),
    "shape": list(labels.shape),
    "labels": labels.ravel().tolist(),
    "refusal": refusal,
    "families": families,
}))
