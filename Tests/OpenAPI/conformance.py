#!/usr/bin/env python3
"""Holds the real daemon against its own OpenAPI document: the document is valid, every example job and every resolved
specification fits its schemas, schemathesis sends requests to every route and checks each answer's status, type, fields
and body, and streams have what the document says of them.

usage: conformance.py [--seed N] [--examples N]      exit: 0 all of it holds, 1 it does not

TPUD_BINARY is the daemon, else .build/release/tpud. The packages of .ci/openapi-requirements.txt; `make openapi-test`
installs them. The seed is printed; the same one sends the same requests.
"""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "Python")]

import document  # noqa: E402
import fixtures  # noqa: E402
from daemon_process import DaemonProcess  # noqa: E402

# Longer than any answer takes; only a stream that nobody ends would reach it.
PATIENCE = 30


def schemathesis(described, daemon, jobs, seed, examples):
    """Sends requests to every route; what was found. A route that was never answered with success was not looked at."""
    seen = pathlib.Path(daemon.state) / "seen.json"
    command = [
        str(pathlib.Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"), "run",
        f"http://127.0.0.1:{daemon.port}/openapi.json", "--seed", str(seed), "--max-examples", str(examples),
        "--request-timeout", str(PATIENCE), "--no-color",
    ]
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": f"{HERE}:{HERE.parent / 'Python'}"}
    environment["TPUD_OPENAPI_JOBS"] = json.dumps(jobs)
    environment |= {"TPUD_OPENAPI_SEEN": str(seen), "TPUD_OPENAPI_PORT": str(daemon.port),
                    "TPUD_OPENAPI_SEED": str(seed)}
    if subprocess.run(command, env=environment, cwd=daemon.state).returncode != 0:
        yield "schemathesis has found something, see above"
    statuses = json.loads(seen.read_text()) if seen.exists() else {}
    for item in described["paths"].values():
        for operation in item.values():
            if operation["operationId"] == "openAPI":
                continue
            counts = statuses.get(operation["operationId"], {})
            print(f"{operation['operationId']:24} " + ", ".join(f"{status}: {counts[status]}" for status in sorted(counts)))
            if not any(status.startswith("2") for status in counts):
                yield f"{operation['operationId']} was never answered with success: {counts}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    parser.add_argument("--examples", type=int, default=15, help="requests of each kind that are made up for a route")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    began = time.monotonic()
    daemon = DaemonProcess("--workers", "1", "--drain-timeout-seconds", "2", "--stop-timeout-seconds", "1", pod="v2-16")
    try:
        described = daemon.call("GET", "/openapi.json")[1]
        jobs = fixtures.prepare(daemon)
        faults = document.faults(described) + document.resolved_faults(described, daemon)
        faults += fixtures.stream_faults(described, daemon, jobs)
        faults += schemathesis(described, daemon, jobs, options.seed, options.examples)
        if not daemon.answers():
            faults.append(f"the daemon does not answer any more: {daemon.log()[-2000:]}")
    finally:
        daemon.close()
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"{'held' if not faults else 'broken'} after {time.monotonic() - began:.0f} s, seed {options.seed}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
