"""Rows of the bench: each one JSON line, which are kept for the page that is written from them, then a table."""
import json
import pathlib
import statistics

LINES = pathlib.Path(__file__).resolve().parents[2] / ".build/bench/rows.jsonl"


def forget(what=None):
    """The rows of an earlier run: all, or those of one kind."""
    others = [] if what is None else [row for row in kept() if row.get("row") != what]
    LINES.parent.mkdir(parents=True, exist_ok=True)
    LINES.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in others))


def keep(**row):
    """Prints a row, keeps it, and gives it back."""
    line = json.dumps(row, ensure_ascii=False)
    print(line, flush=True)
    LINES.parent.mkdir(parents=True, exist_ok=True)
    with open(LINES, "a") as lines:
        lines.write(line + "\n")
    return row


def kept():
    return [json.loads(line) for line in LINES.read_text().splitlines()] if LINES.exists() else []


def figure(what, model, values, must=None, at_most=False, unit="×", **more):
    """A figure as the median of the rounds' values, with the least and the most, beside what it must reach."""
    values = sorted(values)
    value = statistics.median(values)
    verdict = None if must is None else (value <= must if at_most else value >= must)
    return keep(row=what, model=model, value=round(value, 3), least=round(values[0], 3), most=round(values[-1], 3),
                unit=unit, must=must, at_most=at_most, holds=verdict, **more)


def missing(what, model, note):
    """A row that can't be measured here."""
    return keep(row=what, model=model, value=None, must=None, holds=None, note=note)


def shown(row):
    """A row's value and what it must reach, as text."""
    if row["value"] is None:
        return "–", "–"
    unit = "" if row["unit"] == "" else row["unit"] if row["unit"] == "×" else f" {row['unit']}"
    # As many digits as tell it from what it must reach.
    value = f"{row['value']:.2f}" if row["unit"] else f"{row['value']:.3f}"
    must = "–" if row["must"] is None else f"{'≤' if row['at_most'] else '≥'} {row['must']:g}{unit}"
    return value + unit, must


def verdict(row):
    return {None: "", True: "yes", False: "no"}[row["holds"]]


def table(rows):
    """Text with a line for each row."""
    lines = [f"{'':58}{'model':12}{'median':>10}{'must':>10}{'holds':>7}"]
    for row in rows:
        value, must = shown(row)
        line = f"{row['row']:58}{row['model']:12}{value:>10}{must:>10}{verdict(row):>7}  {row.get('note', '')}"
        lines.append(line.rstrip())
    return "\n".join(lines)
