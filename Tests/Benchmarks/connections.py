#!/usr/bin/env python3
"""What connections cost the daemon: memory of idle ones and the latency beside them; a thousand subscribers of events, whether
each sees every event in order, and what a publish to them costs another request."""
import contextlib
import json
import multiprocessing
import os
import pathlib
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "Python"))
import clients  # noqa: E402
from daemon_process import DaemonProcess  # noqa: E402
from load import measured  # noqa: E402

IDLE = int(os.environ.get("IDLE", "10000"))
SUBSCRIBERS = int(os.environ.get("SUBSCRIBERS", "1000"))
PUBLISHED = int(os.environ.get("PUBLISHED", "300"))


class Idle:
    """Connections that have had an answer and ask for nothing more."""

    def __init__(self, port, count):
        clients.raise_descriptors()
        self.sockets = []
        for number in range(count):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert stream.recv(4096).startswith(b"HTTP/1.1 200")
            self.sockets.append(stream)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for stream in self.sockets:
            stream.close()


def idle_connections():
    with DaemonProcess("--workers", "0") as daemon:
        baseline = measured(daemon, "nobody else")
        # The first ones are the warm-up: pools have their size then.
        with Idle(daemon.port, 500):
            before = daemon.resident()
            with Idle(daemon.port, IDLE):
                each = (daemon.resident() - before) / IDLE
                print(f"an idle connection: {each:,.0f} bytes of resident memory   ({IDLE:,} of them)", flush=True)
                measured(daemon, f"{IDLE:,} idle connections", baseline)


def subscribe(port, count, ready, ended, results):
    """Reads so many streams of all events until `ended`; puts what ids each has seen."""
    os.nice(10)
    clients.raise_descriptors()
    selector = selectors.DefaultSelector()
    received = {}
    for _ in range(count):
        stream = socket.create_connection(("127.0.0.1", port))
        stream.sendall(b"GET /v1/events?tail=0 HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n")
        received[stream] = stream.recv(65536)
        assert received[stream].startswith(b"HTTP/1.1 200"), received[stream]
        stream.setblocking(False)
        selector.register(stream, selectors.EVENT_READ)
    ready.set()
    while not ended.is_set():
        for key, _ in selector.select(0.1):
            received[key.fileobj] += key.fileobj.recv(1 << 20)
    results.put([[int(id) for id in re.findall(rb"^id: (\d+)$", unchunked(bytes), re.MULTILINE)]
                 for bytes in received.values()])


def unchunked(answer):
    """The body of an answer in chunks that has no end yet."""
    rest, body = answer.partition(b"\r\n\r\n")[2], []
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        if not size:
            break
        body.append(rest[:int(size, 16)])
        rest = rest[int(size, 16) + 2:]
    return b"".join(body)


def publish(port, count):
    """So many jobs, one every 10 ms, each of which is an event or several."""
    connection = clients.http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = json.dumps(clients.tiny_job()).encode()
    for _ in range(count):
        assert clients.post(connection, "/v1/jobs", body)[0] == 201
        time.sleep(0.01)


def published(daemon, title, control, baseline=None):
    publisher = multiprocessing.Process(target=publish, args=(daemon.port, PUBLISHED))
    publisher.start()
    figures = measured(daemon, title, baseline, seconds=PUBLISHED * 0.015, control=control)
    publisher.join()
    return figures


@contextlib.contextmanager
def control():
    """The port of an nginx that does nothing else: its probe's times are the machine's, which the subscribers share."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        conf = (clients.PEERS / "nginx.conf").read_text().replace("PORT", str(port)).replace("BODY", "ok")
        pathlib.Path(folder, "nginx.conf").write_text("user root;\n" * (os.getuid() == 0) + conf)
        nginx = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"])
        try:
            clients.until("nginx listens", lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10)
            yield port
        finally:
            nginx.terminate()
            nginx.wait()


def subscribers():
    with DaemonProcess("--workers", "0", "--queue-limit", "10000000") as daemon, control() as nginx:
        alone = published(daemon, f"{PUBLISHED} submissions", nginx)
        last = daemon.call("GET", "/v1/events?tail=1")[1]["events"][-1]["seq"]
        ready, ended, results = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Queue()
        reader = multiprocessing.Process(target=subscribe, args=(daemon.port, SUBSCRIBERS, ready, ended, results))
        reader.start()
        assert ready.wait(60)
        published(daemon, f"the same to {SUBSCRIBERS:,} subscribers", nginx, alone)
        expected = [event["seq"] for event in daemon.call("GET", f"/v1/events?after_seq={last}&limit=10000")[1]["events"]]
        time.sleep(2)
        ended.set()
        seen = results.get()
        reader.join()
        whole = sum(ids == expected for ids in seen)
        print(f"{whole:,} of {SUBSCRIBERS:,} subscribers have seen each of {len(expected)} events once and in order", flush=True)
        assert whole == SUBSCRIBERS


if __name__ == "__main__":
    idle_connections()
    subscribers()
