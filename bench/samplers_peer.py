"""Samples with Optuna's TPE; samplers.ts runs it and computes the values.

Needs optuna. Reads JSON by line: first the studies to run, as {"space", "seeds",
"trials", "multivariate"}, then a value for each line that it prints, which
holds the parameters of a trial. Prints its versions first, and after each study
the seconds that it spent on sampling and storing.
"""

import json
import platform
import sys
import time
import warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
KINDS = {"float": FloatDistribution, "int": IntDistribution, "categorical": CategoricalDistribution}


def say(content):
    print(json.dumps(content), flush=True)


def distribution(kind, **rest):
    return KINDS[kind](**rest)


say({"versions": {"optuna": optuna.__version__, "python": platform.python_version()}})
for study in json.loads(sys.stdin.readline()):
    space = {name: distribution(**plain) for name, plain in study["space"].items()}
    seconds = 0.0
    for seed in range(study["seeds"]):
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=study["multivariate"])
        run = optuna.create_study(sampler=sampler)
        for _ in range(study["trials"]):
            start = time.perf_counter()
            trial = run.ask(space)
            seconds += time.perf_counter() - start
            say(trial.params)
            value = float(sys.stdin.readline())
            start = time.perf_counter()
            run.tell(trial, value)
            seconds += time.perf_counter() - start
    say({"seconds": seconds})
