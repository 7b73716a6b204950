"""Times steps of a peer and tells its memory; the peers' scripts use it."""

import json
import resource
import sys
import time


def read_request() -> dict:
    """The measurement that is asked for: the script's one argument, JSON."""
    return json.loads(sys.argv[1])


def time_steps(step, request: dict) -> list[float]:
    """Seconds of each step after the warm-up; a slow peer does fewer steps."""
    warm_up, steps, limit = (request[key] for key in ("warmUp", "steps", "limit"))
    seconds: list[float] = []
    while len(seconds) < warm_up + steps:
        if len(seconds) > 1 and sum(seconds) > limit:
            break
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return seconds[min(warm_up, len(seconds) - 1) :]


def report(version: str, parameters: int, seconds: list[float]) -> None:
    """Prints the one line of JSON that the benchmark reads."""
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    result = {
        "version": version,
        "parameters": parameters,
        "seconds": seconds,
        "peakMemoryBytes": peak,
    }
    print(json.dumps(result), flush=True)
