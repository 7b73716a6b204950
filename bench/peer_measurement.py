"""Times steps of a peer and reports its memory; the peers' scripts use it."""

import json
import resource
import sys
import time
from collections.abc import Callable

Step = Callable[[], object]


def read_request() -> dict:
    """The measurement that is asked for: the script's one argument, JSON."""
    return json.loads(sys.argv[1])


def seconds_of(step: Step) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def time_steps(step: Step, request: dict) -> list[float]:
    """Seconds of each step after the warm-up; a slow peer does fewer steps."""
    warm_up, steps, limit = (request[key] for key in ("warmUp", "steps", "limit"))
    seconds: list[float] = []
    while len(seconds) < warm_up + steps:
        if len(seconds) > 1 and sum(seconds) > limit:
            break
        seconds.append(seconds_of(step))
    return seconds[min(warm_up, len(seconds) - 1) :]


def choose_way(ways: dict[str, Callable[[], Step]]) -> tuple[str, Step]:
    """The way whose fastest of three steps is the fastest, after one to warm up.

    A way is a function that prepares it and returns its step.
    """
    best: tuple[float, str] | None = None
    for name, prepare in ways.items():
        if len(ways) == 1:
            break
        step = prepare()
        step()
        seconds = min(seconds_of(step) for _ in range(3))
        best = min(best or (seconds, name), (seconds, name))
        del step
    name = best[1] if best else next(iter(ways))
    # The others are gone by now, and so is their memory.
    return name, ways[name]()


def report(
    version: str,
    seconds: list[float],
    *,
    parameters: int | None = None,
    way: str | None = None,
) -> None:
    """Prints the one line of JSON that the benchmark reads."""
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    result = {
        "version": version,
        "seconds": seconds,
        "peakMemoryBytes": peak,
        **({} if parameters is None else {"parameters": parameters}),
        **({} if way is None else {"way": way}),
    }
    print(json.dumps(result), flush=True)
