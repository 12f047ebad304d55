"""One run of the benchmark of scale, in this process: prints a line of JSON.

python scale_run.py assign 3000   # the run
python scale_run.py assign        # a tiny one, for what a process holds that has loaded it all
"""

from __future__ import annotations

import json
import resource
import sys
import time

from rmatch.work import counting
from scale_tasks import TASKS

TINY = 8
"""People a side of the run that says what is held anyway: what is loaded only when used too."""


def main(name: str, n: int = TINY) -> None:
    """Do it and say what it took."""
    task = TASKS[name]
    given = task.prepare(n)
    started = time.process_time()
    with counting() as work:
        result = task.run(given)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pairs, outcome = task.read(given, result)
    told = {"pairs": pairs, "seconds": seconds, "peak": peak, "outcome": outcome, "work": work}
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
