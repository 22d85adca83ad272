#!/usr/bin/env python3
"""The OpenAPI document by itself: whether it is valid, and whether what tpud is known to take fits its schemas.

usage: document.py FILE      exit: 0 nothing is wrong with the document in the file, 1 something is, which is printed
"""
import gzip
import json
import pathlib
import sys

import jsonschema_rs
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "Tests/Fixtures"
KERAS = FIXTURES / "conformance/keras"


class Schemas:
    """The named schemas of a document."""

    def __init__(self, document):
        self.components = {"schemas": document["components"]["schemas"]}
        self.validators = {}

    def schema(self, name):
        return {"$ref": f"#/components/schemas/{name}", "components": self.components}

    def fits(self, name, value):
        if name not in self.validators:
            self.validators[name] = jsonschema_rs.Draft202012Validator(self.schema(name))
        return self.validators[name].is_valid(value)

    def faults(self, name, value, what):
        """What of a value does not fit the schema of that name, if anything; of several choices the nearest one's fault."""
        if self.fits(name, value):
            return
        # It takes a hundred times as long, and says what is nearest.
        for error in Draft202012Validator(self.schema(name)).iter_errors(value):
            while error.context:
                error = min(error.context, key=lambda one: (-len(one.absolute_path), len(one.message)))
            place = "/".join(map(str, error.absolute_path))
            yield f"{what} is not a {name}: at /{place} {error.message[:300]}"


def read(path):
    return json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())


def known():
    """What the daemon takes, as the repository's own cases have it: the schema's name, a value, and what it is."""
    for file in sorted((ROOT / "docs/examples").glob("*.json")):
        yield "JobSpec", read(file), file.name
    for case in read(FIXTURES / "conformance/field/cases.json")["cases"]:
        if case["expect"]["status"] in ([200], [201]):
            yield "JobSpec", case["spec"], case["id"]
    for file in sorted((FIXTURES / "applications").glob("*.json.gz")):
        yield "Model", read(file), file.name
    for folder in sorted(one for one in KERAS.iterdir() if (one / "case.json").exists()):
        for name in ["model", "loss", "optimizer", "metrics"]:
            value = read(folder / f"{name}.json") if (folder / f"{name}.json").exists() else None
            # Those of several outputs are objects by their names.
            if name == "metrics" and isinstance(value, list):
                for one in value:
                    yield "Metric", one, f"{folder.name}/metrics.json"
            elif isinstance(value, dict) and "class_name" in value:
                yield name.capitalize(), value, f"{folder.name}/{name}.json"
    for file in ["attention", "recurrent", "keras"]:
        for case in read(FIXTURES / f"layers/{file}.json")["cases"]:
            name = case.get("class_name") or case["class"]
            yield "Layer", {"class_name": name, "config": case["config"]}, f"{file}.json, {name}"


# What the daemon refuses by the form of one value alone.
REFUSED = [
    ("Layer", {"Dense": {"units": 0}}), ("Layer", {"Dense": {"unit": 3}}), ("Layer", {"Dens": {"units": 3}}), ("Layer", {"Dense": {}}),
    ("Layer", {"class_name": "Dense", "config": {"units": "3"}}), ("Layer", {"Dense": {"units": 3, "kernel_initializer": "he"}}),
    ("Layer", {"Conv2D": {"filters": 3, "kernel_size": [3]}}), ("Layer", {"LSTM": {"units": 3, "activation": "rely"}}),
    ("Model", [{"Dense": {"units": 1.5}}]), ("Model", {"class_name": "Sequental", "config": {"layers": []}}),
    ("Loss", {"Huber": {"delta": "x"}}), ("Loss", "mean_square"), ("Loss", {"Huber": {"reduction": "none"}}),
    ("Optimizer", {"SGD": {"momentum": 2}}), ("Optimizer", {"MomentumOptimizer": {"learning_rate": 1}}),
    ("Optimizer", {"SGD": {"learning_rate": {"CosineDecay": {"decay_steps": 3}}}}), ("Metric", {"AUC": {"curve": "XY"}}),
    ("Schedule", {"PiecewiseConstantDecay": {"boundaries": [], "values": [1]}}), ("Initializer", {"Constant": {"value": "1"}}),
    ("Regularizer", {"L2": {"l2": -1}}), ("Constraint", {"MaxNorm": {"max_value": -1}}), ("MapStep", {"cast": "string"}),
    ("MapStep", {"scale": 1, "offset": 1}), ("Source", {"csv": {"label": "x"}}), ("Source", {"cvs": {"path": "x"}}),
    ("Input", {"source": {"csv": {"path": "x"}}, "prefetch": 0}), ("TPUConfig", {"num_shards": 4096}), ("RunConfig", {"seed": 1}),
    ("JobSpec", {"mode": "train", "model": [], "train_batch_size": 0}), ("JobSpec", {"mode": "test", "model": []}),
    ("JobSpec", {"mode": "train"}), ("JobSpec", {"mode": "train", "model": [], "use_tpu": 1}),
]


def faults(document):
    """Everything that is wrong."""
    found = [f"the document is not valid: {error.message[:300]}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
    if found:
        return found
    schemas = Schemas(document)
    for name, schema in schemas.components["schemas"].items():
        try:
            Draft202012Validator.check_schema(schema)
        except Exception as error:  # Whatever is wrong with it.
            found.append(f"{name} is not a JSON schema: {error}")
    count = 0
    for name, value, what in known():
        count += 1
        found += schemas.faults(name, value, what)
    for name, value in REFUSED:
        if schemas.fits(name, value):
            found.append(f"{json.dumps(value)} fits {name}, though the daemon refuses it")
    if count < 100:
        found.append(f"there are {count} cases to hold the schemas against; expected 100 or more")
    return found


def resolved_faults(document, daemon):
    """What of the examples' specifications with every default filled in does not fit the schemas."""
    found = []
    schemas = Schemas(document)
    for file in sorted((ROOT / "docs/examples").glob("*.json")):
        status, answer = daemon.call("POST", "/v1/jobs?dry_run=true", read(file))
        if status != 200:
            found.append(f"{file.name} is answered {status}: {answer}")
        else:
            found += schemas.faults("DryRun", answer, f"the answer to {file.name}")
            found += schemas.faults("JobSpec", answer["spec"], f"{file.name}, resolved,")
    return found


if __name__ == "__main__":
    wrong = faults(read(pathlib.Path(sys.argv[1])))
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)
