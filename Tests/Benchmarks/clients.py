"""Clients that load a daemon, each a process of its own at low priority, so that they measure nothing and the prober is
not held up by them. Python's standard library only."""
import http.client
import json
import multiprocessing
import os
import pathlib
import re
import resource
import socket
import subprocess
import time

PEERS = pathlib.Path(__file__).resolve().parent / "peers"

# The specification that is posted to be refused, too large to be stored.
LARGE = 30 << 20


def tiny_job(**more):
    """A job of one step."""
    return {"name": "bench", "mode": "train", "train_batch_size": 8, "model": [{"Dense": {"units": 1}}], "loss": "mse",
            "optimizer": {"SGD": {"learning_rate": 0.01}}, "tpu_config": {"num_shards": 1, "iterations_per_loop": 1},
            "train": {"max_steps": 1, "input": {"source": {"synthetic": {
                "features": {"shape": [4], "dtype": "float32"}, "labels": {"shape": [1], "dtype": "float32"},
                "examples": 64, "seed": 1}}}}} | more


def post(connection, path, body, fields=None):
    """Status and JSON of a POST on a kept connection."""
    connection.request("POST", path, body=body, headers={"Content-Type": "application/json"} | (fields or {}))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


# What wrk posts: the same job again, or each time another one.
REPEATED_JOB = ["post_job.lua", str(PEERS / "tiny-job.json")]
NEW_JOB = REPEATED_JOB + ["new"]


def wrk(port, path, seconds, script=None, connections=64, fields=(), threads=1):
    """How many requests wrk makes from so many connections, and how many a second; every answer must be a success. One thread stays
    on the second core."""
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds:g}s", f"http://127.0.0.1:{port}{path}"]
    for field in fields:
        command[1:1] = ["-H", field]
    if script:
        command[1:1] = ["-s", str(PEERS / script[0])]
        command += ["--", *script[1:]]
    if threads == 1 and os.cpu_count() > 1:
        command = ["taskset", "-c", "1", *command]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(f"wrk saw errors:\n{text}")
    return int(re.search(r"(\d+) requests in", text)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])


def until(what, condition, seconds=600, every=0.05):
    """Polls a condition of another process, which has no signal to wait for, for so long at most."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"gave up waiting until {what}")
        time.sleep(every)


def raise_descriptors():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


# Kinds of load: each makes one request after another on a connection of its own.

def large_bodies(connection):
    body = json.dumps(tiny_job(params={"filler": "x" * LARGE})).encode()
    return lambda: (connection.request("POST", "/v1/jobs", body=body, headers={"Content-Type": "application/json"}),
                    connection.getresponse().read())


def deep_models(connection):
    numbers = iter(range(1 << 30))

    def request():
        # Another model each time, so that nothing is remembered.
        layers = [{"Dense": {"units": 2}}] * 999 + [{"Dense": {"units": 1 + next(numbers) % 1000}}]
        body = json.dumps(tiny_job(model=layers)).encode()
        connection.request("POST", "/v1/jobs?dry_run=true", body=body, headers={"Content-Type": "application/json"})
        connection.getresponse().read()
    return request


def listing(connection):
    state = {"page": ""}

    def request():
        connection.request("GET", "/v1/jobs?limit=500" + state["page"])
        answer = json.loads(connection.getresponse().read())
        token = answer.get("next_page_token")
        state["page"] = f"&page_token={token}" if token else ""
    return request


def fetching(path):
    """Requests for one path."""
    def kind(connection):
        def request():
            connection.request("GET", path)
            connection.getresponse().read()
        return request
    return kind


def client(port, kind, ended, requests):
    os.nice(10)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    request = kind(connection)
    while not ended.is_set():
        try:
            request()
            with requests.get_lock():
                requests.value += 1
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            # A daemon that refuses is not asked again at once, which would be another load.
            time.sleep(0.05)


class Load:
    """So many clients of one kind, while the context lasts."""

    def __init__(self, port, kind, count=8):
        self.ended, self.requests = multiprocessing.Event(), multiprocessing.Value("q", 0)
        self.clients = [multiprocessing.Process(target=client, args=(port, kind, self.ended, self.requests), daemon=True)
                        for _ in range(count)]

    def __enter__(self):
        for each in self.clients:
            each.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for each in self.clients:
            each.join(2)
            each.kill()


class Held:
    """Connections that have asked for something that does not come."""

    def __init__(self, port, target, count):
        raise_descriptors()
        self.sockets = []
        message = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
        for number in range(count):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(message)
            self.sockets.append(stream)
            # Some at a time: thousands at once are requests under way, which cost more than those that wait.
            if number % 100 == 99:
                time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for stream in self.sockets:
            stream.close()
