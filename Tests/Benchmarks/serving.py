#!/usr/bin/env python3
"""Serving figures, each beside its peer in the same run: GET /healthz under wrk against nginx with as many workers as the daemon
has reactors, one and two, on kept connections and on one for each request; a job and a list of 50 against GET /healthz; a checkpoint's file against nginx's sendfile;
POST /v1/jobs against SQLite's own durable commits. Rounds alternate; medians and the spread of the ratios are printed."""
import http.client, json, os, pathlib, signal, sqlite3, statistics, subprocess, sys, tempfile, time, urllib.request

from clients import REPEATED_JOB, post, tiny_job, wrk

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS_EACH", "2"))
TPUD, NGINX = 18470, 18471


def fetch(url, seconds=5):
    with urllib.request.urlopen(url, timeout=seconds) as answer:
        return answer.read().decode()


def until_up(url, process):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{url}: the server ended with {process.returncode}")
        try:
            return fetch(url)
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{url} did not answer")


def free(*command, **options):
    return subprocess.Popen(command, **options)


def pinned(*command, **options):
    return free(*(["taskset", "-c", "0"] if os.cpu_count() > 1 else []), *command, **options)


def serve(folder, name, port, *arguments, start=pinned):
    daemon = start(str(ROOT / ".build/release/tpud"), "serve", "--listen", f"127.0.0.1:{port}", "--state-dir", f"{folder}/{name}",
                   *arguments, stderr=open(f"{folder}/{name}.log", "w"))
    return daemon, until_up(f"http://127.0.0.1:{port}/healthz", daemon)


def nginx_answering(folder, name, port, body, workers=1, start=pinned):
    place = pathlib.Path(folder) / name
    place.mkdir()
    conf = (HERE / "peers/nginx.conf").read_text().replace("PORT", str(port)).replace("BODY", body)
    (place / "nginx.conf").write_text(conf.replace("worker_processes 1;", f"worker_processes {workers};"))
    nginx = start("nginx", "-p", str(place), "-c", f"{place}/nginx.conf")
    until_up(f"http://127.0.0.1:{port}/healthz", nginx)
    return nginx


def end(*processes):
    for process in processes:
        if process:
            process.send_signal(signal.SIGTERM)
            process.wait()


def healthz(port, nginx, suffix, peer, threads=1):
    """GET /healthz of a daemon beside nginx, on kept connections and on one for each request."""
    for title, fields in [("64 connections", []), ("a connection each", ["Connection: close"])]:
        ours, peers = [], []
        for _ in range(ROUNDS):
            ours.append(wrk(port, "/healthz", SECONDS, fields=fields, threads=threads)[1])
            peers.append(wrk(nginx, "/healthz", SECONDS, fields=fields, threads=threads)[1])
        show(f"GET /healthz, {title}{suffix}", ours, peers, "requests/s", peer)


def two_reactors(folder):
    """Beside nginx with two workers, neither bound to a core; wrk has two threads, which take their part of two cores."""
    daemon = nginx = None
    try:
        daemon, body = serve(folder, "two", TPUD + 4, "--workers", "0", "--reactors", "2", start=free)
        nginx = nginx_answering(folder, "nginx-two", NGINX + 4, body, workers=2, start=free)
        healthz(TPUD + 4, NGINX + 4, ", 2 reactors", "nginx, two workers", threads=2)
    finally:
        end(daemon, nginx)


def commits(folder, seconds):
    """Durable commits a second of one connection: WAL, synchronous=FULL, one row of a job's size a transaction."""
    path = pathlib.Path(folder) / "peer.sqlite"
    path.unlink(missing_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE job (id INTEGER PRIMARY KEY, spec TEXT NOT NULL) STRICT")
    spec = (HERE / "peers/tiny-job.json").read_text()
    count, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO job (spec) VALUES (?)", (spec,))
        db.execute("COMMIT")
        count += 1
    rate = count / (time.monotonic() - start)
    db.close()
    return rate


def show(title, ours, peers, unit, peer):
    ratios = [a / b for a, b in zip(ours, peers)]
    print(f"{title:44} {statistics.median(ours):12,.0f} {unit:10} {peer:28} {statistics.median(peers):12,.0f}"
          f"   ratio {statistics.median(ratios):5.2f}  ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} rounds)")


def beside_healthz():
    """What a job and a list of jobs cost, beside an answer that costs nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", TPUD)
    jobs = [post(connection, "/v1/jobs", json.dumps(tiny_job()))[1]["id"] for _ in range(60)]
    for title, path in [("GET /v1/jobs/{id}, 64 connections", f"/v1/jobs/{jobs[0]}"),
                        ("GET /v1/jobs, a list of 50", "/v1/jobs?limit=50")]:
        ours, peers = [], []
        for _ in range(ROUNDS):
            ours.append(wrk(TPUD, path, SECONDS)[1])
            peers.append(wrk(TPUD, "/healthz", SECONDS)[1])
        show(title, ours, peers, "requests/s", "GET /healthz of the same")


def downloads(folder):
    """A checkpoint's file of 16 MiB, which another daemon's job has made, beside nginx' sendfile of its copy."""
    daemon = nginx = None
    try:
        daemon, _ = serve(folder, "download", TPUD + 2, "--workers", "1")
        connection = http.client.HTTPConnection("127.0.0.1", TPUD + 2, timeout=120)
        large = tiny_job(model=[{"Dense": {"units": 2048}}, {"Dense": {"units": 2048}}, {"Dense": {"units": 1}}])
        id = post(connection, "/v1/jobs", json.dumps(large))[1]["id"]
        assert json.loads(fetch(f"http://127.0.0.1:{TPUD + 2}/v1/jobs/{id}?until=terminal", 120))["state"] == "SUCCEEDED"
        path = f"/v1/jobs/{id}/checkpoints/1/model.safetensors"
        connection.request("GET", path)
        copy = pathlib.Path(folder) / "files/model.safetensors"
        copy.parent.mkdir()
        copy.write_bytes(connection.getresponse().read())
        place = pathlib.Path(folder) / "sendfile"
        place.mkdir()
        conf = (HERE / "peers/nginx.conf").read_text().replace("PORT", str(NGINX + 2)).replace("BODY", "")
        conf = conf.replace("access_log off;", f"access_log off; sendfile on; root {copy.parent};")
        (place / "nginx.conf").write_text("user root;\n" * (os.getuid() == 0) + conf)
        nginx = pinned("nginx", "-p", str(place), "-c", f"{place}/nginx.conf")
        until_up(f"http://127.0.0.1:{NGINX + 2}/healthz", nginx)
        megabytes = copy.stat().st_size / 1e6
        ours, peers = [], []
        for _ in range(ROUNDS):
            ours.append(wrk(TPUD + 2, path, SECONDS, connections=8)[1] * megabytes)
            peers.append(wrk(NGINX + 2, "/model.safetensors", SECONDS, connections=8)[1] * megabytes)
        show("a checkpoint of 16 MiB, 8 connections", ours, peers, "MB/s", "nginx, sendfile")
    finally:
        end(daemon, nginx)


def main():
    with tempfile.TemporaryDirectory(dir=ROOT / ".build") as folder:
        daemon = nginx = None
        try:
            # workers 0: jobs are accepted and none is started, so that the figure is the submission's alone.
            daemon, body = serve(folder, "state", TPUD, "--workers", "0", "--queue-limit", "10000000")
            nginx = nginx_answering(folder, "nginx", NGINX, body)
            healthz(TPUD, NGINX, "", "nginx, one worker")
            two_reactors(folder)
            beside_healthz()
            downloads(folder)
            ours, peers = [], []
            for _ in range(ROUNDS):
                ours.append(wrk(TPUD, "/v1/jobs", SECONDS, REPEATED_JOB)[1])
                peers.append(commits(folder, SECONDS))
            show("POST /v1/jobs, 64 connections", ours, peers, "jobs/s", "SQLite, durable commits/s")
        finally:
            end(daemon, nginx)


main()
