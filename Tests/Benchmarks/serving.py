#!/usr/bin/env python3
"""Serving figures, each beside its peer in the same run: GET /healthz under wrk against nginx with one worker, and
POST /v1/jobs against SQLite's own durable commits. Rounds alternate; medians and the spread of the ratios are printed."""
import json, os, pathlib, signal, sqlite3, statistics, subprocess, sys, tempfile, time, urllib.request

from clients import REPEATED_JOB, wrk

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = int(os.environ.get("SECONDS_EACH", "2"))
TPUD, NGINX = 18470, 18471


def fetch(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
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
                ours.append(wrk(TPUD, "/v1/jobs", SECONDS, REPEATED_JOB)[1])
                peers.append(commits(folder, SECONDS))
            show("POST /v1/jobs, 64 connections", ours, peers, "jobs/s", "SQLite, durable commits/s")
        finally:
            for process in (daemon, nginx):
                if process:
                    process.send_signal(signal.SIGTERM)
                    process.wait()


main()
