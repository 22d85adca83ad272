"""Processes that train a model a round at a time, whenever they are asked to, so that several can take turns."""
import json
import os
import pathlib
import select
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ENGINE = ROOT / ".build/release/engine-bench"
PYTHON = ROOT / ".venv-bench/bin/python"
TENSORFLOW = ROOT / ".venv-bench-tensorflow/bin/python"

# A start builds and warms up, and may compile for minutes; a round takes about a second.
START_SECONDS = int(os.environ.get("START_SECONDS", "300"))
ROUND_SECONDS = 120


class Trainer:
    """One process. A peer that can't train says why in `failed`; the others go on without it."""

    def __init__(self, name, command):
        cache = ROOT / ".build/bench"
        cache.mkdir(parents=True, exist_ok=True)
        self.name, self.log, self.unread = name, tempfile.TemporaryFile(), b""
        self.failed, self.facts = None, {}
        if not pathlib.Path(command[0]).exists():
            self.failed = f"there is no {pathlib.Path(command[0]).relative_to(ROOT)}"
            return
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
            env=os.environ | {"TORCHINDUCTOR_CACHE_DIR": str(cache / "torch")}, start_new_session=True)
        self.facts = self.answer(START_SECONDS) or {}
        if "failed" in self.facts:
            self.fail(self.facts["failed"])

    def answer(self, seconds):
        """The next line as JSON; None where there is none in time."""
        while b"\n" not in self.unread:
            if not select.select([self.process.stdout], [], [], seconds)[0]:
                return self.fail(f"nothing after {seconds} s")
            piece = os.read(self.process.stdout.fileno(), 65536)
            if not piece:
                return self.fail(f"ended with {self.process.wait()}: {self.last_words()}")
            self.unread += piece
        line, _, self.unread = self.unread.partition(b"\n")
        return json.loads(line)

    def fail(self, reason):
        self.failed = reason
        self.end()

    def last_words(self):
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:200] if lines else "no word"

    def round(self):
        self.process.stdin.write(b"round\n")
        self.process.stdin.flush()
        return self.answer(ROUND_SECONDS)

    def end(self):
        """The process and those that it started, such as compilers, go."""
        try:
            self.process.stdin.close()
            self.process.wait(0 if self.failed else 20)
        except (OSError, subprocess.TimeoutExpired):
            os.killpg(self.process.pid, 9)
            self.process.wait()


def engine(name, document):
    """tpud's engine on a job's document."""
    folder = ROOT / ".build/bench/jobs"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{document['name']} {name}.json"
    path.write_text(json.dumps(document))
    return name, [ENGINE, "rounds", path, ROOT / "docs/examples/data"]


def peer(name, script, *arguments, python=PYTHON):
    return name, [python, HERE / "peers" / script, *arguments]


def turns(trainers, rounds):
    """Lets all train in turns: for each that could to the end its facts and rounds, by name, and why the others couldn't.
    Every other time the last one begins, so that a machine that slows down or speeds up favours nobody."""
    started, failures = [], {}
    try:
        for name, command in trainers:
            started.append(Trainer(name, command))
        answers = {each.name: [] for each in started}
        for number in range(rounds):
            for each in started if number % 2 == 0 else reversed(started):
                if not each.failed:
                    answers[each.name].append(each.round())
    finally:
        for each in started:
            if each.failed:
                failures[each.name] = each.failed
            else:
                each.end()
    return {each.name: (each.facts, answers[each.name]) for each in started if not each.failed}, failures
