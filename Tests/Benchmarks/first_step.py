#!/usr/bin/env python3
"""How long after its acceptance a job of each of `models/` has trained its first step, by the real daemon: first_step.py
[MODEL…]. A JSON line for each, then a table. ROUNDS (3) says how often each is posted."""
import json
import os
import sys
import time

import clients
import rows
from trainers import HERE, ROOT

sys.path.append(str(ROOT / "Tests/Python"))
from daemon_process import DaemonProcess  # noqa: E402

WHAT = "from acceptance to the first step"
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def seconds(daemon, document):
    """From the answer to the post to the first progress; the job is cancelled behind it."""
    status, job = daemon.call("POST", "/v1/jobs", document)
    began = time.monotonic()
    if status not in (200, 201):
        raise SystemExit(f"{document['name']}: {status} {job}")
    path = f"/v1/jobs/{job['id']}"

    def has_trained():
        job = daemon.call("GET", path)[1]
        if job["finished_at"]:
            raise SystemExit(f"{document['name']}: {job['state']} {job['error']}")
        return job["progress"] and job["progress"]["global_step"] >= 1

    clients.until(f"{document['name']} has trained a step", has_trained, 120, every=0.005)
    taken = time.monotonic() - began
    daemon.call("POST", f"{path}/cancel")
    daemon.call("GET", f"{path}?until=terminal&wait=60s", timeout=90)
    return taken


def main():
    rows.forget(WHAT)
    found = []
    with DaemonProcess("--workers", "1") as daemon:
        for name in sys.argv[1:] or ["mlp", "cnn", "resnet20", "gpt", "lstm"]:
            document = json.loads((HERE / "models" / f"{name}.json").read_text())
            document["tpu_config"]["iterations_per_loop"] = 1
            times = [seconds(daemon, document) for _ in range(ROUNDS)]
            found.append(rows.figure(WHAT, name, times, 1, at_most=True, unit="s"))
    print("\n" + rows.table(found))


if __name__ == "__main__":
    main()
