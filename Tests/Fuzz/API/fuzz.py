#!/usr/bin/env python3
"""Sends extreme specifications, queries, headers and raw bytes to the real daemon, which must live, answer, and never
answer 500; no worker may crash; every problem document is complete and tells nothing of the server's paths.

usage: fuzz.py [SECONDS] [--seed N] [--replay FILE]      exit: 0 nothing was found, 1 something was

What is found goes to .build/fuzz-findings, a file each that --replay sends again. TPUD_FUZZ_SECONDS is the default of
SECONDS, else 60. Python's standard library only.
"""
import argparse
import collections
import json
import os
import pathlib
import random as randomness
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "Python")]

import requests  # noqa: E402
import specifications  # noqa: E402
import values  # noqa: E402
from daemon_process import DATA, ROOT, DaemonProcess  # noqa: E402

FINDINGS = ROOT / ".build/fuzz-findings"
STATUSES = {200, 201, 202, 204, 206, 304, 400, 401, 403, 404, 405, 406, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417,
            421, 422, 429, 431, 501, 503, 505, 507}
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}
# An answer that takes longer than this many seconds does not come.
PATIENCE = 60


class Fuzzer:
    def __init__(self, seed):
        self.seed, self.random = seed, randomness.Random(seed)
        self.began, self.cases, self.slowest = time.monotonic(), 0, (0, "")
        self.statuses, self.findings = collections.Counter(), collections.Counter()
        self.input, self.ids = {}, []
        self.daemon = self.boot()

    def boot(self):
        # A worker that gets no core of its own for long is not what is searched for.
        daemon = DaemonProcess("--workers", "1", "--drain-timeout-seconds", "2", "--stop-timeout-seconds", "1",
                               pod="v2-16", descriptors=4096, memory=12 << 30)
        self.ids = [daemon.call("POST", "/v1/jobs", spec)[1]["id"] for spec in specifications.SEEDS[:2]]
        return daemon

    # What was found

    def found(self, kind, what):
        key = f"{kind}: " + re.sub(r"0x[0-9a-f]+|\d{3,}|[0-9a-z]{26}", "N", str(what))[:200]
        self.findings[key] += 1
        if self.findings[key] == 1:
            FINDINGS.mkdir(parents=True, exist_ok=True)
            file = FINDINGS / f"{self.seed}-{len(self.findings):03}.json"
            file.write_text(json.dumps({"kind": kind, "what": str(what), "seed": self.seed, "input": self.input}))
            print(f"[{time.monotonic() - self.began:6.0f} s] {kind}: {str(what)[:300]}\n    {file}", flush=True)

    def judge(self, status, body):
        """Looks at an answer: its status, its problem document, and what it lets be known."""
        self.statuses[status] += 1
        if status not in STATUSES:
            lines = [line for line in self.daemon.log().splitlines() if "fail" in line or "died" in line]
            self.found(f"status {status}", f"{str(body)[:200]} {lines[-1:]}")
        if status < 400 or not isinstance(body, dict):
            return
        if missing := MEMBERS - body.keys():
            self.found("problem document", f"{status} lacks {sorted(missing)}")
        told = json.dumps(body, ensure_ascii=False)
        sent = json.dumps(self.input, ensure_ascii=False)
        for secret in (self.daemon.state, str(DATA), str(ROOT), "Fatal error", "Swift/", ".swift:"):
            if secret in told and secret not in sent:
                self.found("leak", f"{secret} in {told[:300]}")

    def look(self):
        """Looks whether the daemon lives and answers; a dead one is told and another is started."""
        deadline = time.monotonic() + PATIENCE
        while self.daemon.is_running and time.monotonic() < deadline:
            if self.daemon.answers(timeout=5):
                return
        log = self.daemon.log()
        if self.daemon.is_running:
            self.found("silence", f"/healthz did not answer in {PATIENCE} s")
        else:
            place = max(log.rfind("Fatal error"), log.rfind("crashed:"), 0)
            where = re.findall(r" in tpud at (?:/\S*?/)?(Sources/\S+)", log[place:])
            words = log[place:place + 160].splitlines()[0] if place else log[-300:]
            self.found("the daemon died", f"status {self.daemon.process.returncode}: {words} {where[:3]}")
        self.daemon.close()
        self.daemon = self.boot()

    def call(self, method, target, body=None, fields=None):
        """An answer that was looked at; None where there was none."""
        started = time.monotonic()
        try:
            status, answer = self.daemon.call(method, target, body, fields, timeout=PATIENCE)
        except UnicodeError:
            return None
        except Exception as error:
            self.look()
            if time.monotonic() - started >= PATIENCE - 1:
                self.found("no answer", f"{method} {target[:200]} in {PATIENCE} s")
            elif self.daemon.is_running and not isinstance(error, OSError):
                self.found("broken answer", f"{type(error).__name__} {error} {method} {target[:200]}")
            return None
        self.slowest = max(self.slowest, (time.monotonic() - started, f"{method} {target[:80]} -> {status}"))
        self.judge(status, answer)
        return status, answer

    # Cases

    def make(self):
        """The next input, as a value that can be stored and sent again."""
        kind = self.random.random()
        if kind < 0.15:
            return {"raw": requests.message(self.random, self.daemon.port).decode("latin1")}
        if kind < 0.40:
            method, target, body, fields = requests.request(self.random, self.ids)
            return {"method": method, "target": target, "fields": fields,
                    "body": None if body is None else body.decode("latin1")}
        large = kind < 0.48
        spec = specifications.large(self.random) if large else specifications.mutated(self.random)
        if self.random.random() < 0.01:
            spec = specifications.deep(self.random)
        if spec is None:
            return self.make()
        text = values.text(spec)
        if self.random.random() < 0.04:
            text = specifications.broken(text, self.random)
        fields = {}
        if self.random.random() < 0.1:
            fields["Idempotency-Key"] = self.random.choice(
                ["", "k", "k" * 255, "k" * 256, "a b", "\xe9", str(self.random.random())])
        return {"spec": text, "dry_run": large or self.random.random() < 0.5, "fields": fields}

    def send(self, case):
        self.input = case
        self.cases += 1
        if "raw" in case:
            answer = self.daemon.raw(case["raw"].encode("latin1"))
            for status in map(int, re.findall(rb"HTTP/1\.1 (\d\d\d) ", answer)):
                if status != 100:
                    self.judge(status, None)
            if not self.daemon.is_running:
                self.look()
        elif "method" in case:
            body = case["body"]
            self.call(case["method"], case["target"], None if body is None else body.encode("latin1"), case["fields"])
        else:
            self.submit(case)

    def submit(self, case):
        answer = self.call("POST", "/v1/jobs" + ("?dry_run=true" if case["dry_run"] else ""), case["spec"], case["fields"])
        if answer is None or answer[0] != 201:
            return
        id = answer[1]["id"]
        self.ids = self.ids[-30:] + [id]
        # What was taken is run for a while: a specification that is taken may not crash its worker.
        if self.random.random() < 0.7:
            self.call("GET", f"/v1/jobs/{id}?until=terminal&wait=3s")
        self.call("POST", f"/v1/jobs/{id}/cancel")
        attempts = self.call("GET", f"/v1/jobs/{id}/attempts")
        for attempt in attempts[1].get("attempts", []) if attempts and isinstance(attempts[1], dict) else []:
            if attempt["outcome"] == "CRASHED":
                self.found("a worker crashed", (attempt["error"] or {}).get("message"))

    def run(self, seconds):
        while time.monotonic() - self.began < seconds:
            self.send(self.make())
            if self.cases % 100 == 0:
                self.look()
        self.look()
        print(f"{self.cases} cases in {time.monotonic() - self.began:.0f} s, seed {self.seed}; "
              f"peak {self.daemon.peak() >> 20} MiB; slowest {self.slowest[0]:.1f} s: {self.slowest[1]}")
        print("statuses", dict(sorted(self.statuses.items())))
        for key, count in self.findings.items():
            print(f"error: {count} x {key}")
        return 1 if self.findings else 0


def main():
    reader = argparse.ArgumentParser(usage=__doc__)
    reader.add_argument("seconds", nargs="?", type=float, default=float(os.environ.get("TPUD_FUZZ_SECONDS") or 60))
    reader.add_argument("--seed", type=int, default=randomness.SystemRandom().randrange(1 << 30))
    reader.add_argument("--replay", type=pathlib.Path)
    options = reader.parse_args()
    print("seed", options.seed, flush=True)
    fuzzer = Fuzzer(options.seed)
    try:
        if options.replay:
            fuzzer.send(json.loads(options.replay.read_text())["input"])
            return fuzzer.run(0)
        return fuzzer.run(options.seconds)
    finally:
        fuzzer.daemon.close()


sys.exit(main())
