#!/usr/bin/env python3
"""What things cost the daemon: processor time of a job while others wait, and of a submission; memory of a request that
is held. Processor time is the kernel's, in ticks of 10 ms."""
import http.client
import json
import os
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Python"))
import clients  # noqa: E402
from daemon_process import DaemonProcess  # noqa: E402

QUEUES = [int(count) for count in os.environ.get("QUEUES", "0 10000 100000").split()]
HELD = int(os.environ.get("HELD", "5000"))
SECONDS = float(os.environ.get("SECONDS_EACH", "10"))


def figure(daemon, name):
    """The sum of a figure over its labels."""
    text = daemon.call("GET", "/metrics")[1].decode()
    return sum(int(line.split()[-1]) for line in text.splitlines() if line.startswith((name + " ", name + "{")))


def attempts(daemon):
    return figure(daemon, "tpud_attempts_total")


def job_beside_a_queue():
    """One worker works through a queue: processor time of the daemon alone, its workers' left out, for each job."""
    with DaemonProcess("--workers", "0", "--queue-limit", "10000000") as daemon:
        queued = 0
        body = json.dumps(clients.tiny_job()).encode()
        for goal in QUEUES:
            daemon.flags[1] = "0"
            daemon.terminate()
            daemon.start()
            if goal > queued:
                with clients.Load(daemon.port, lambda c: lambda: clients.post(c, "/v1/jobs", body), 16) as load:
                    clients.until(f"{goal} jobs are stored", lambda: queued + load.requests.value >= goal, every=0.1)
                    added = load.requests.value
                queued += added
            daemon.terminate()
            daemon.flags[1] = "1"
            daemon.start()
            if goal == 0:
                connection = daemon.connection()
                for _ in range(200):
                    clients.post(connection, "/v1/jobs", body)
            clients.until("two jobs have ended", lambda: attempts(daemon) >= 2)
            first, before = attempts(daemon), daemon.processor_seconds(with_children=False)
            end = time.monotonic() + SECONDS
            clients.until("the time is over, or few jobs are left",
                          lambda: time.monotonic() >= end or (goal == 0 and attempts(daemon) >= 190), every=0.2)
            ended, after = attempts(daemon), daemon.processor_seconds(with_children=False)
            queued -= ended if goal else 0
            print(f"a job with {goal:7,} queued: {(after - before) / max(1, ended - first) * 1000:8.2f} ms of the daemon's "
                  f"processor time   ({ended - first} jobs)", flush=True)


def submission():
    """Jobs that are stored and not started, from 64 connections: daemon and checkers together."""
    with DaemonProcess("--workers", "0", "--queue-limit", "10000000") as daemon:
        for title, script in [("repeated", clients.REPEATED_JOB), ("new", clients.NEW_JOB)]:
            clients.wrk(daemon.port, "/v1/jobs", 1, script)
            own, all = daemon.processor_seconds(with_children=False), daemon.processor_seconds()
            count, _ = clients.wrk(daemon.port, "/v1/jobs", SECONDS, script)
            own, all = daemon.processor_seconds(with_children=False) - own, daemon.processor_seconds() - all
            print(f"a {title:8} specification: {all / count * 1e6:6.0f} us of processor time, of them "
                  f"{own / count * 1e6:.0f} the daemon's own   ({count:,} submissions)", flush=True)


def held_requests():
    """Requests that wait for what does not come: resident memory of each, and what they cost while nothing happens."""
    with DaemonProcess("--workers", "0") as daemon:
        quiet = daemon.call("POST", "/v1/jobs", clients.tiny_job())[1]["id"]
        for title, target in [("long poll", f"/v1/jobs/{quiet}?wait=300s&since_version=1000"),
                              ("follower of a log", f"/v1/jobs/{quiet}/logs?follow=true")]:
            # The first ones are the warm-up: pools have their size then.
            with clients.Held(daemon.port, target, 500):
                clients.until("the first ones wait", lambda: figure(daemon, "tpud_waiting_requests") >= 500)
                before = daemon.resident()
                with clients.Held(daemon.port, target, HELD):
                    clients.until("all wait", lambda: figure(daemon, "tpud_waiting_requests") >= HELD + 500)
                    grown = daemon.resident() - before
                    cost = daemon.processor_seconds(with_children=False)
                    # The time over which nothing happens is what is measured.
                    time.sleep(5)
                    cost = daemon.processor_seconds(with_children=False) - cost
            print(f"a {title}: {grown / HELD:6.0f} B; {HELD + 500:,} of them take {cost / 5 * 100:.1f} % of a core while "
                  "nothing happens", flush=True)


try:
    held_requests()
    submission()
    job_beside_a_queue()
except (OSError, http.client.HTTPException) as error:
    raise SystemExit(f"the daemon did not answer: {error}")
