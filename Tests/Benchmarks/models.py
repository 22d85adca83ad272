#!/usr/bin/env python3
"""The models of `models/`, trained by tpud's engine and by its peers in turns, all on every core, each with its input
pipeline: models.py [MODEL…]. A JSON line for each figure, then tables. ROUNDS (3) says how often each trains."""
import json
import os
import pathlib
import statistics
import subprocess
import sys

import rows
import trainers

ROUNDS = int(os.environ.get("ROUNDS", "3"))
FLAGS = set(next(line for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                 if line.startswith(("flags", "Features"))).split())
HAS_BFLOAT16 = bool(FLAGS & {"amx_bf16", "avx512_bf16"})
PEERS = ["PyTorch", "PyTorch, compiled", "JAX"]
FASTEST = "against the fastest of PyTorch, compiled and JAX"
EMULATED = "the processor has neither AMX nor AVX-512 BF16: emulated, for information"

# What each model must reach: part of the machine's limit; against the fastest peer; against JAX on 8 devices; bfloat16
# against float32 and against autocast.
MUSTS = {
    "mlp": (0.92, 1.0, 1.7, (3, 1.5)),
    "cnn": (0.9, 1.4, 2.5, (2.5, 1.5)),
    "resnet20": (0.85, 1.4, 2.5, (2, 1.3)),
    "gpt": (0.85, 1.4, 2.3, (3, 1.5)),
    "lstm": (None, 1.5, None, None),
}


def job(name, **changes):
    """A job's document, with other shards, batch, policy or steps in a loop."""
    document = json.loads((trainers.HERE / "models" / f"{name}.json").read_text())
    tpu = document["tpu_config"] | {key: changes.pop(key) for key in document["tpu_config"] if key in changes}
    return document | {"tpu_config": tpu} | changes


def digits():
    """The model and the training rows of docs/examples/digits-mlp.json, on one core, without end."""
    document = json.loads((trainers.ROOT / "docs/examples/digits-mlp.json").read_text())
    kept = {key: document[key] for key in ("train_batch_size", "model", "loss", "optimizer")}
    return kept | {"name": "digits", "mode": "train", "tpu_config": {"num_shards": 1, "iterations_per_loop": 2_000},
                   "run_config": {"save_checkpoints_steps": 1_000_000_000},
                   "train": document["train"] | {"max_steps": 1_000_000_000}}


def measured(model, chosen):
    """Lets the trainers, tpud first, take turns; a line for each with the time of its step and what part that is of the
    machine's limit."""
    trained, failures = trainers.turns(chosen, ROUNDS)
    for name, reason in failures.items():
        rows.keep(step=model, trainer=name, ms=None, failed=reason)
    if any(name.startswith("tpud") for name in failures):
        raise SystemExit(f"{model}: {failures}")
    facts, answers = trained[chosen[0][0]]
    least = facts["flops"] / median(answers, "limit_flops_per_second")
    for name, (facts, answers) in trained.items():
        seconds = median(answers, "seconds")
        rows.keep(step=model, trainer=name, ms=round(1000 * seconds, 4), part_of_limit=round(least / seconds, 3),
                  peak_bytes=peak(answers), rounds=ROUNDS, version=facts.get("version"), way=facts.get("way"))
    return trained, failures


def median(answers, what):
    return statistics.median(each[what] for each in answers)


def peak(answers):
    return max(each["peak_bytes"] for each in answers)


def ratios(trained, ours, theirs):
    """How many times as fast ours is, round by round."""
    return [b["seconds"] / a["seconds"] for a, b in zip(trained[ours][1], trained[theirs][1])]


def at_the_limit(trained, ours, theirs):
    """What their time through ours would be if ours took no longer than its products at the machine's limit: no step of float32
    that multiplies as much can be faster."""
    facts, answers = trained[ours]
    return round(median(trained[theirs][1], "seconds") * median(answers, "limit_flops_per_second") / facts["flops"], 2)


def speedup(found, what, model, trained, failures, ours, theirs, must=None, **more):
    """The row of one comparison; where the other side failed it says so."""
    if theirs in trained:
        if not theirs.startswith("tpud") and "bfloat16" not in ours:
            more["at_the_limit"] = at_the_limit(trained, ours, theirs)
        found.append(rows.figure(what, model, ratios(trained, ours, theirs), must, **more))
    else:
        found.append(rows.missing(what, model, failures[theirs]))


def model_rows(name):
    """All rows of one of the models."""
    limit, _, devices, bfloat16 = MUSTS[name]
    chosen = [trainers.engine("tpud", job(name)), trainers.peer("PyTorch", "torch_models.py", name),
              trainers.peer("PyTorch, compiled", "torch_models.py", name, "compiled"),
              trainers.peer("JAX", "jax_models.py", name)]
    if devices:
        chosen += [trainers.engine("tpud, 8 cores", job(name, num_shards=8)),
                   trainers.peer("JAX, 8 devices", "jax_models.py", name, "8")]
    if bfloat16:
        # Emulated, a step may take several times as long.
        loop = {} if HAS_BFLOAT16 else {"iterations_per_loop": 1}
        chosen.append(trainers.engine("tpud, bfloat16", job(name, dtype_policy="mixed_bfloat16", **loop)))
        if HAS_BFLOAT16:
            chosen.append(trainers.peer("PyTorch, autocast", "torch_models.py", name, "autocast"))
    if name == "cnn":
        chosen.append(trainers.peer("TensorFlow's estimator", "estimator_models.py", name, python=trainers.TENSORFLOW))
    trained, failures = measured(name, chosen)
    profiled(name, "tpud", job(name))
    if bfloat16 and HAS_BFLOAT16:
        profiled(name, "tpud, bfloat16", job(name, dtype_policy="mixed_bfloat16"))

    facts, answers = trained["tpud"]
    found = [fastest_row(name, trained, failures)]
    if limit:
        found.insert(0, rows.figure("part of the machine's limit", name, [
            facts["flops"] / each["seconds"] / each["limit_flops_per_second"] for each in answers], limit, unit="",
            limit_gflops=round(median(answers, "limit_flops_per_second") / 1e9, 1)))
    if devices:
        speedup(found, "8 cores against JAX on 8 devices", name, trained, failures, "tpud, 8 cores", "JAX, 8 devices",
                devices)
        speedup(found, "8 cores against 1 core, same batch", name, trained, failures, "tpud, 8 cores", "tpud", 0.95)
    if bfloat16:
        found += bfloat16_rows(name, trained, failures, *bfloat16)
    if name == "cnn":
        speedup(found, "against TensorFlow's own estimator", name, trained, failures, "tpud", "TensorFlow's estimator", 2.5)
    if "PyTorch" in trained:
        found.append(rows.figure("peak memory against PyTorch's", name, [peak(answers) / peak(trained["PyTorch"][1])], 0.5,
                                 at_most=True))
    return found + [allocations(name, job(name))]


def fastest_row(name, trained, failures):
    """tpud beside the fastest of those that train on one device."""
    peers = {peer: median(trained[peer][1], "seconds") for peer in PEERS if peer in trained}
    if not peers:
        return rows.missing(FASTEST, name, f"{failures}")
    best = min(peers, key=peers.get)
    lost = "".join(f"; {peer}: {failures[peer]}" for peer in PEERS if peer in failures)
    return rows.figure(FASTEST, name, ratios(trained, "tpud", best), MUSTS[name][1], note=best + lost,
                       at_the_limit=at_the_limit(trained, "tpud", best))


def bfloat16_rows(name, trained, failures, against_ours, against_autocast):
    """What mixed_bfloat16 brings where the processor has it; elsewhere what its emulation costs."""
    found = []
    if not HAS_BFLOAT16:
        speedup(found, "bfloat16 against float32", name, trained, failures, "tpud, bfloat16", "tpud", note=EMULATED)
        return found
    speedup(found, "bfloat16 against float32", name, trained, failures, "tpud, bfloat16", "tpud", against_ours)
    speedup(found, "bfloat16 against PyTorch's autocast", name, trained, failures, "tpud, bfloat16", "PyTorch, autocast",
            against_autocast)
    return found


def digits_rows():
    """The small model, whose steps take microseconds."""
    document = digits()
    trained, failures = measured("digits", [
        trainers.engine("tpud", document), trainers.peer("PyTorch", "torch_models.py", "digits"),
        trainers.peer("TensorFlow's estimator", "estimator_models.py", "digits", python=trainers.TENSORFLOW)])
    profiled("digits", "tpud", document)
    found = []
    speedup(found, "against PyTorch, eager", "digits", trained, failures, "tpud", "PyTorch", 6)
    speedup(found, "against TensorFlow's own estimator", "digits", trained, failures, "tpud", "TensorFlow's estimator", 10)
    return found + [allocations("digits", document)]


def many_cores_rows():
    """2,048 simulated cores of 8 rows each."""
    def cores(count):
        return trainers.engine(f"tpud, {count:,} cores", job(
            "mlp", num_shards=count, train_batch_size=16_384, iterations_per_loop=1))

    trained, failures = measured("mlp, batch 16,384", [cores(8), cores(2_048)])
    found = []
    speedup(found, "2,048 cores against 8, batch 16,384", "mlp", trained, failures, "tpud, 2,048 cores", "tpud, 8 cores",
            0.8)
    return found


def profiled(name, trainer, document):
    """Where the threads' time of a step goes, of which the rows that fall short are explained."""
    path = trainers.engine(trainer, document)[1][2]
    said = subprocess.run([trainers.ENGINE, "profile", path, "--format", "json", "--data", trainers.ROOT / "docs/examples/data"],
                          check=True, stdout=subprocess.PIPE, text=True, timeout=trainers.START_SECONDS).stdout
    rows.keep(profile=name, trainer=trainer, **json.loads(said.splitlines()[-1]))


def allocations(name, document):
    """What a warm step takes from the heap, the libraries below left out."""
    path = trainers.engine("allocations", document)[1][2]
    said = subprocess.run([trainers.ENGINE, "allocations", path, trainers.ROOT / "docs/examples/data"], check=True,
                          stdout=subprocess.PIPE, text=True, timeout=trainers.START_SECONDS).stdout
    counted = json.loads(said.splitlines()[-1])
    return rows.figure("allocations of ours in a step", name, [counted["allocations"]], 0, at_most=True, unit="",
                       note=f"{counted['allocations_of_libraries']:g} more by oneDNN")


GROUPS = {name: lambda name=name: model_rows(name) for name in MUSTS} | {"digits": digits_rows, "2048": many_cores_rows}


def main():
    rows.forget()
    found = [row for group in sys.argv[1:] or GROUPS for row in GROUPS[group]()]
    print(f"\n{'a training step, float32 but where it says so':44}{'time':>12}{'memory':>12}")
    for row in rows.kept():
        if "step" in row and row["ms"] is None:
            print(f"{row['step']:20}{row['trainer']:24}  {row['failed']}")
        elif "step" in row:
            way = f"  {row['version']} {row['way']}" if row["version"] else ""
            print(f"{row['step']:20}{row['trainer']:24}{row['ms']:>9.3f} ms{row['peak_bytes'] / 2**20:>8.0f} MiB{way}")
    print("\n" + rows.table(found))


if __name__ == "__main__":
    main()
