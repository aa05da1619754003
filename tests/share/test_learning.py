"""Types that threads read with are known to msgspec before: two that have it learn one at once crash the process."""

from __future__ import annotations

import subprocess
import sys

TRIES = 6
"""Each of them crashed the process about once in three times where types were learned on first use."""

AT_ONCE = """
import sys, threading
sys.setswitchinterval(1e-6)
from noroshi.share.validation import STANDARD, validate
values = [
    {"type": kind, "spec_version": "2.1", "id": f"{kind}--00000000-0000-4000-8000-000000000000",
     "created": "2020-01-01T00:00:00Z", "modified": "2020-01-01T00:00:00Z"} for kind in STANDARD
]
start = threading.Barrier(8)
def work():
    start.wait()
    for value in values:
        validate(value)
threads = [threading.Thread(target=work) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
"""


def test_the_first_objects_may_come_in_many_threads_at_once() -> None:
    for _ in range(TRIES):
        done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
