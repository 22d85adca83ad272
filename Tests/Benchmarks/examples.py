#!/usr/bin/env python3
"""The jobs of docs/examples by the real daemon, to their ends: examples.py [NAME…]. A JSON line for each, then a table: seconds
from acceptance to the end of the first step, by a copy of one step, and to the job's end; what its evaluation says."""
import datetime
import json
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Python"))
from daemon_process import ROOT, DaemonProcess  # noqa: E402


def seconds(job):
    """From acceptance to the end."""
    began, ended = (datetime.datetime.fromisoformat(job[name]) for name in ("created_at", "finished_at"))
    return round((ended - began).total_seconds(), 2)


def finished(daemon, document):
    """The job at its end, which is to be a success."""
    status, job = daemon.call("POST", "/v1/jobs", document)
    while status in (200, 201) and not job["finished_at"]:
        status, job = daemon.call("GET", f"/v1/jobs/{job['id']}?until=terminal&wait=60s", timeout=120)
    if status not in (200, 201) or job["state"] != "SUCCEEDED":
        raise SystemExit(f"{document['name']}: {status} {job}")
    return job


def row(daemon, path):
    document = json.loads(path.read_text())
    tpu = document["tpu_config"] | {"iterations_per_loop": 1}
    first = document | {"mode": "train", "train": document["train"] | {"max_steps": 1}, "tpu_config": tpu,
                        "evaluate": None, "eval_batch_size": None}
    one, whole = finished(daemon, first), finished(daemon, document)
    evaluation = whole["result"]["evaluation"]
    return {"example": path.stem, "steps": whole["result"]["global_step"], "first_step_seconds": seconds(one),
            "seconds": seconds(whole), "loss": round(evaluation["loss"], 4), "accuracy": round(evaluation["accuracy"], 4)}


def main():
    paths = sorted((ROOT / "docs/examples").glob("*.json"))
    rows = []
    with DaemonProcess("--workers", "1") as daemon:
        for path in paths:
            if len(sys.argv) == 1 or path.stem in sys.argv[1:]:
                rows.append(row(daemon, path))
                print(json.dumps(rows[-1]), flush=True)
    print(f"\n{'docs/examples':24}{'steps':>7}{'first step':>13}{'whole job':>12}{'loss':>9}{'accuracy':>11}")
    for each in rows:
        print(f"{each['example']:24}{each['steps']:>7}{each['first_step_seconds']:>11.2f} s{each['seconds']:>10.1f} s"
              f"{each['loss']:>9.3f}{each['accuracy']:>11.3f}")


if __name__ == "__main__":
    main()
