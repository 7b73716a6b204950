"""What TensorBoard reads of a run's logs, as JSON on standard output.

Needs the package tensorboard: python judge_events.py RUN/tensorboard
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

everything = {"scalars": 0, "images": 0, "tensors": 0}
events = EventAccumulator(sys.argv[1], size_guidance=everything)
events.Reload()
tags = events.Tags()


def hyperparameters(name):
    """The content of the plugin's summary; None where there is none."""
    metadata = events.summary_metadata.get(f"_hparams_/{name}")
    if metadata is None:
        return None
    data = plugin_data_pb2.HParamsPluginData.FromString(metadata.plugin_data.content)
    return getattr(data, name)


started, ended = hyperparameters("session_start_info"), hyperparameters("session_end_info")
print(json.dumps({
    "scalars": {
        tag: [[one.step, one.value] for one in events.Scalars(tag)]
        for tag in sorted(tags["scalars"])
    },
    "images": {
        tag: [[one.step, one.width, one.height] for one in events.Images(tag)]
        for tag in sorted(tags["images"])
    },
    "nodes": [
        [node.name, node.op, list(node.input)] for node in events.Graph().node
    ] if tags["graph"] else [],
    "hyperparameters": {
        name: getattr(value, value.WhichOneof("kind"))
        for name, value in sorted(started.hparams.items())
    } if started else {},
    "status": ended.status if ended else None,
}))
