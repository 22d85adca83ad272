#!/usr/bin/env python3
"""Writes docs/bench.svg and the last run's part of docs/bench.md from the rows that models.py and first_step.py kept.
A run that left out a model, or some of the figures, is not written down."""
import os
import pathlib
import platform

import bars
import rows
from trainers import ROOT

PAGE, PICTURE = ROOT / "docs/bench.md", ROOT / "docs/bench.svg"
BEGIN, END = "<!-- The last run, by Tests/Benchmarks/report.py: begin -->", "<!-- end -->"
MODELS = ["mlp", "cnn", "resnet20", "gpt", "lstm"]
PARTS = ["products", "elementwise", "pooling", "softmax", "sums", "copies", "updates", "serial", "waiting"]


def machine():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{platform.machine()}, {os.cpu_count()} cores{', ' + names[0] if names else ''}"


def picture(steps, figures):
    """The bars of each model, and how fast tpud is beside the fastest peer."""
    models = []
    for model in MODELS:
        parts = {each["trainer"]: each["part_of_limit"] for each in steps
                 if each["step"] == model and each["trainer"] in bars.COLOURS and each["ms"]}
        row = next(each for each in figures if each["model"] == model and "fastest" in each["row"])
        models.append((model, parts, f"{row['value']:.2f}× the fastest peer"))
    return bars.drawing(models)


def cell(words):
    """What a program said, as one cell of a table."""
    return words.replace("|", "/").replace("<", "&lt;")


def step_table(steps):
    lines = ["| model | trained by | a step | memory | |", "|---|---|---:|---:|---|"]
    for each in steps:
        if each["ms"] is None:
            lines.append(f"| {each['step']} | {each['trainer']} | – | – | {cell(each['failed'])} |")
        else:
            way = f"{each['version']}, {each['way']}" if each["version"] else ""
            lines.append(f"| {each['step']} | {each['trainer']} | {each['ms']:.3f} ms | {each['peak_bytes'] >> 20} MiB "
                         f"| {way} |")
    return lines


def figure_table(figures):
    lines = ["| what | model | median | least to most | at the limit | must reach | reached | |", "|---|---|---:|---|---:|---|---|---|"]
    for each in figures:
        value, must = rows.shown(each)
        spread = f"{each['least']:g} to {each['most']:g}" if each["value"] is not None else "–"
        most = f"{each['at_the_limit']:.2f}×" if "at_the_limit" in each else ""
        lines.append(f"| {each['row']} | {each['model']} | {value} | {spread} | {most} | {must} | {rows.verdict(each)} | "
                     f"{cell(each.get('note', ''))} |")
    return lines


def profile_table(profiles):
    """What all threads together spend a step on, and what the products alone would take at the machine's limit."""
    lines = ["| model | trained by | at the limit | " + " | ".join(PARTS) + " |", "|---|---|" + "---:|" * (len(PARTS) + 1)]
    for each in profiles:
        parts = " | ".join(f"{each['parts'][part]:.2f}" for part in PARTS)
        limit = each["ms_at_the_limit"] * each["threads"]
        lines.append(f"| {each['profile']} | {each['trainer']} | {limit:.2f} | {parts} |")
    return lines


def main():
    kept = rows.kept()
    steps, figures = [each for each in kept if "step" in each], [each for each in kept if "row" in each]
    have = {each["row"]: {other["model"] for other in figures if other["row"] == each["row"]} for each in figures}
    if not all({*MODELS} <= have.get(what, set()) for what in
               ("against the fastest of PyTorch, compiled and JAX", "from acceptance to the first step")):
        raise SystemExit("rows are missing: run models.py, then first_step.py, with no model named")
    PICTURE.write_text(picture(steps, figures))
    rounds = min(each["rounds"] for each in steps if each["ms"])
    written = [BEGIN, "", f"{machine()}; {rounds} rounds; a limit of {rounds_limit(figures):.0f} GFLOP/s.", "",
               *figure_table(figures), "", *step_table(steps), "",
               "Milliseconds of all threads in one step, by what they do; the products' own at the machine's limit beside it:", "",
               *profile_table([each for each in kept if "profile" in each]), "", END]
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + "\n".join(written) + rest.partition(END)[2])


def rounds_limit(figures):
    """What the machine reached in the middle of the run's models."""
    limits = sorted(each["limit_gflops"] for each in figures if "limit_gflops" in each)
    return limits[len(limits) // 2]


if __name__ == "__main__":
    main()
