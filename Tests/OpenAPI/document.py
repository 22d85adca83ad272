#!/usr/bin/env python3
"""The OpenAPI document by itself: whether it is valid, and whether what tpud is known to take fits its schemas.

usage: document.py FILE      exit: 0 nothing is wrong with the document in the file, 1 something is, which is printed
"""
import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "Tests/Fixtures"


class Schemas:
    """The named schemas of a document."""

    def __init__(self, document):
        self.components = {"schemas": document["components"]["schemas"]}

    def validator(self, name):
        return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": self.components})

    def faults(self, name, value, what):
        """What of a value does not fit the schema of that name, if anything; of several choices the nearest one's fault."""
        for error in self.validator(name).iter_errors(value):
            while error.context:
                error = min(error.context, key=lambda one: (-len(one.absolute_path), len(one.message)))
            place = "/".join(map(str, error.absolute_path))
            yield f"{what} is not a {name}: at /{place} {error.message[:300]}"


def read(path):
    return json.loads(path.read_bytes())


def known():
    """What the daemon takes, as the repository's own cases have it: the schema's name, a value, and what it is."""
    for file in sorted((ROOT / "docs/examples").glob("*.json")):
        yield "JobSpec", read(file), file.name
    for case in read(FIXTURES / "conformance/field/cases.json")["cases"]:
        if case["expect"]["status"] in ([200], [201]):
            yield "JobSpec", case["spec"], case["id"]


def faults(document):
    """Everything that is wrong."""
    found = [f"the document is not valid: {error.message[:300]}" for error in OpenAPIV31SpecValidator(document).iter_errors()]
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
    if count < 10:
        found.append(f"there are {count} cases to hold the schemas against; expected 10 or more")
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
