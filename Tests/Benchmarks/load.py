#!/usr/bin/env python3
"""How long GET /healthz takes while others load the daemon, beside the same when nobody does, in the same run."""
import http.client
import multiprocessing
import os
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Python"))
import clients  # noqa: E402
from daemon_process import DaemonProcess  # noqa: E402

SECONDS = float(os.environ.get("SECONDS_EACH", "5"))
JOBS = int(os.environ.get("JOBS", "10000"))
POLLS = int(os.environ.get("POLLS", "10000"))


def probe(port, seconds, results):
    """Milliseconds of each GET /healthz, every 5 ms on one connection."""
    times, errors = [], 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            times.append((time.monotonic() - began) * 1000)
        except (OSError, http.client.HTTPException):
            errors += 1
            connection.close()
        time.sleep(0.005)
    results.put((sorted(times), errors))


def measured(daemon, title, baseline=None, seconds=SECONDS, note="", control=None):
    """`control`: the port of another server that is probed at the same time: what the machine alone takes."""
    ports = [daemon.port] + ([control] if control else [])
    results = [multiprocessing.Queue() for _ in ports]
    probers = [multiprocessing.Process(target=probe, args=(port, seconds, each)) for port, each in zip(ports, results)]
    for prober in probers:
        prober.start()
    (times, errors), *others = [each.get() for each in results]
    for prober in probers:
        prober.join()

    def quantile(part, of=None):
        of = times if of is None else of
        return of[min(len(of) - 1, int(part * len(of)))] if of else float("nan")
    for other, _ in others:
        note += f"; nginx meanwhile p50 {quantile(0.5, other):.2f} and p99 {quantile(0.99, other):.2f}"
    beside = f"   idle {baseline[0]:.2f} and {baseline[1]:.2f}" if baseline else ""
    print(f"GET /healthz, {title:34} p50 {quantile(0.5):7.2f} ms   p99 {quantile(0.99):7.2f} ms{beside}   "
          f"({len(times)} probes, {errors} errors{note})", flush=True)
    return quantile(0.5), quantile(0.99)


def fill(daemon, count):
    """So many jobs in the queue."""
    before, last = daemon.call("GET", "/healthz")[0], -1
    assert before == 200
    body = clients.json.dumps(clients.tiny_job()).encode()

    def kind(connection):
        return lambda: clients.post(connection, "/v1/jobs", body)
    with clients.Load(daemon.port, kind, 16) as load:
        while load.requests.value < count:
            time.sleep(0.05)
            last = load.requests.value
    return last


def main():
    with DaemonProcess("--workers", "1", "--queue-limit", "10000000") as daemon:
        # A checkpoint of 16 MiB to download.
        large = clients.tiny_job(model=[{"Dense": {"units": 2048}}, {"Dense": {"units": 2048}}, {"Dense": {"units": 1}}])
        id = daemon.call("POST", "/v1/jobs", large)[1]["id"]
        assert daemon.call("GET", f"/v1/jobs/{id}?until=terminal&wait=60s")[1]["state"] == "SUCCEEDED"
        long = daemon.call("POST", "/v1/jobs", clients.tiny_job(train=clients.tiny_job()["train"] | {
            "max_steps": 10**9}))[1]["id"]
        baseline = measured(daemon, "nobody else")
        for title, kind in [
            ("8 clients posting 30 MiB", clients.large_bodies),
            ("8 clients checking 1,000 layers", clients.deep_models),
            ("8 clients downloading 16 MiB", clients.fetching(f"/v1/jobs/{id}/checkpoints/1/model.safetensors")),
            ("8 clients scraping /metrics", clients.fetching("/metrics")),
        ]:
            with clients.Load(daemon.port, kind) as load:
                measured(daemon, title, baseline)
                print(f"{'':14}{load.requests.value / SECONDS:.1f} requests/s meanwhile")
        with clients.Held(daemon.port, f"/v1/jobs/{long}?wait=300s&since_version=1000", POLLS):
            measured(daemon, f"{POLLS:,} long polls", baseline)
        fill(daemon, JOBS)
        with clients.Load(daemon.port, clients.listing):
            measured(daemon, f"8 clients listing {JOBS:,} jobs", baseline)
        measured(daemon, "nobody else, at the end", baseline)


if __name__ == "__main__":
    main()
