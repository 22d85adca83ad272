#!/usr/bin/env python3
"""Serving figures, each beside its peer in the same run: GET /healthz under wrk against nginx with one worker, on kept
connections and on one for each request; a job and a list of 50 against GET /healthz; a checkpoint's file against nginx's sendfile;
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


def pinned(*command, **options):
    return subprocess.Popen(["taskset", "-c", "0", *command] if os.cpu_count() > 1 else command, **options)


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
    daemon = pinned(str(ROOT / ".build/release/tpud"), "serve", "--listen", f"127.0.0.1:{TPUD + 2}", "--workers", "1",
                    "--state-dir", f"{folder}/download", stderr=open(f"{folder}/download.log", "w"))
    nginx = None
    try:
        until_up(f"http://127.0.0.1:{TPUD + 2}/healthz", daemon)
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
        for process in (daemon, nginx):
            if process:
                process.send_signal(signal.SIGTERM)
                process.wait()


def main():
    with tempfile.TemporaryDirectory(dir=ROOT / ".build") as folder:
        # workers 0: jobs are accepted and none is started, so that the figure is the submission's alone.
        daemon = pinned(str(ROOT / ".build/release/tpud"), "serve", "--listen", f"127.0.0.1:{TPUD}",
                        "--state-dir", f"{folder}/state", "--workers", "0", "--queue-limit", "10000000",
                        stderr=open(f"{folder}/tpud.log", "w"))
        nginx = None
        try:
            body = until_up(f"http://127.0.0.1:{TPUD}/healthz", daemon)
            conf = (HERE / "peers/nginx.conf").read_text().replace("PORT", str(NGINX)).replace("BODY", body)
            (pathlib.Path(folder) / "nginx.conf").write_text(conf)
            nginx = pinned("nginx", "-p", folder, "-c", f"{folder}/nginx.conf")
            until_up(f"http://127.0.0.1:{NGINX}/healthz", nginx)
            ours, peers = [], []
            for _ in range(ROUNDS):
                ours.append(wrk(TPUD, "/healthz", SECONDS)[1])
                peers.append(wrk(NGINX, "/healthz", SECONDS)[1])
            show("GET /healthz, 64 connections", ours, peers, "requests/s", "nginx, one worker")
            ours, peers = [], []
            for _ in range(ROUNDS):
                ours.append(wrk(TPUD, "/healthz", SECONDS, fields=["Connection: close"])[1])
                peers.append(wrk(NGINX, "/healthz", SECONDS, fields=["Connection: close"])[1])
            show("GET /healthz, a connection each", ours, peers, "requests/s", "nginx, one worker")
            beside_healthz()
            downloads(folder)
            ours, peers = [], []
            for _ in range(ROUNDS):
                ours.append(wrk(TPUD, "/v1/jobs", SECONDS, REPEATED_JOB)[1])
                peers.append(commits(folder, SECONDS))
            show("POST /v1/jobs, 64 connections", ours, peers, "jobs/s", "SQLite, durable commits/s")
        finally:
            for process in (daemon, nginx):
                if process:
                    process.send_signal(signal.SIGTERM)
                    process.wait()


main()
