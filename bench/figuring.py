"""Inside a borough, as a worker: compute figures and say how long it took and how much memory it needed."""

import json
import resource
import sys
import time

import bench.begun  # noqa: F401
from reporting import actions


def main() -> None:
    """`fold_in` or `recompute`."""
    verb = {"fold_in": actions.fold_in, "recompute": actions.recompute}[sys.argv[1]]
    began = time.perf_counter()
    run = verb()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {
        "seconds": seconds,
        "peak_mb": round(peak),
        "months": run.months if run else 0,
        "changed": run.changed if run else 0,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
