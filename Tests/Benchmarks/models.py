#!/usr/bin/env python3
"""The models of `models/`, trained by the engine and by eager PyTorch in turns, both on every core, each with its input
pipeline: models.py [MODEL…]. A JSON line for each, then a table."""
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ROUNDS = int(os.environ.get("ROUNDS", "5"))


class Trainer:
    """A process that trains a round whenever it is asked to."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.facts = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} ended with {self.process.wait()}")
        return json.loads(line)

    def round(self):
        self.process.stdin.write("round\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def compare(name):
    """The row of one model: medians, and the median of the rounds' ratios."""
    ours = Trainer([ROOT / ".build/release/engine-bench", "rounds", HERE / "models" / f"{name}.json"])
    try:
        theirs = Trainer([ROOT / ".venv-bench/bin/python", HERE / "peers/torch_models.py", name])
        try:
            rounds = [(ours.round(), theirs.round()) for _ in range(ROUNDS)]
        finally:
            theirs.end()
    finally:
        ours.end()
    milliseconds = [1000 * statistics.median(each["seconds"] for each in side) for side in zip(*rounds)]
    peaks = [max(each["peak_bytes"] for each in side) for side in zip(*rounds)]
    ratios = sorted(torch["seconds"] / tpud["seconds"] for tpud, torch in rounds)
    return {"model": name, "cores": os.cpu_count(), "rounds": ROUNDS, "tpud_ms": round(milliseconds[0], 2),
            "pytorch_ms": round(milliseconds[1], 2), "speedup": round(statistics.median(ratios), 3),
            "speedup_least": round(ratios[0], 3), "speedup_most": round(ratios[-1], 3),
            "tpud_peak_bytes": peaks[0], "pytorch_peak_bytes": peaks[1],
            "memory": round(peaks[0] / peaks[1], 3), "pytorch": theirs.facts["version"], "pytorch_way": theirs.facts["way"]}


def main():
    rows = []
    for name in sys.argv[1:] or ["mlp", "cnn", "resnet20", "gpt", "lstm"]:
        rows.append(compare(name))
        print(json.dumps(rows[-1]), flush=True)
    print(f"\n{'training step, float32':24}{'tpud':>10}{'PyTorch':>12}{'speedup':>10}{'  (least, most)':17}{'memory':>8}")
    for row in rows:
        spread = f"  ({row['speedup_least']:.2f}, {row['speedup_most']:.2f})"
        print(f"{row['model']:24}{row['tpud_ms']:>7.1f} ms{row['pytorch_ms']:>9.1f} ms{row['speedup']:>9.2f}×{spread:17}"
              f"{row['memory']:>8.2f}  {row['pytorch']} eager, {row['pytorch_way']}")


if __name__ == "__main__":
    main()
