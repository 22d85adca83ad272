"""A smaller document to make specifications from: all classes of all tables, in all the ways in which they may be written, are more
than a generator can go through."""
import copy
import random

TABLES = ["Layer", "Initializer", "Regularizer", "Constraint", "Loss", "Metric", "Optimizer", "Schedule"]
PREFIX = "#/components/schemas/"
# What the jobs of fixtures.py have: those are sent, too.
NEEDED = {"Layer": ["Dense"], "Loss": ["SparseCategoricalCrossentropy"], "Optimizer": ["SGD"]}


def for_requests(document, seed):
    """Gives the route that submits a schema of its own, with a class of each table in the short form; the seed says which.
    Answers keep the whole."""
    chance = random.Random(seed)
    schemas = document["components"]["schemas"]
    narrowed = {}
    for table in TABLES:
        short = next(choice for choice in schemas[table]["anyOf"] if "maxProperties" in choice)
        names = {chance.choice(sorted(short["properties"])), *NEEDED.get(table, [])}
        # With fields, which may be none, and not null.
        narrowed[table] = short | {"properties": {name: short["properties"][name]["anyOf"][0] for name in sorted(names)}}
    narrowed["Model"] = schemas["Model"]["anyOf"][0]
    spec = copy.deepcopy(schemas["JobSpec"])
    for field in ["loss", "metrics", "weighted_metrics", "loss_weights"]:
        # One for all outputs, or none.
        spec["properties"][field]["anyOf"] = [spec["properties"][field]["anyOf"][0], {"type": "null"}]
    narrowed["JobSpec"] = spec
    made = {}

    def renamed(value):
        if isinstance(value, list):
            return [renamed(one) for one in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str) and value["$ref"].startswith(PREFIX):
            name = value["$ref"].removeprefix(PREFIX)
            if name not in made:
                made[name] = None
                made[name] = renamed(narrowed.get(name, schemas[name]))
            return {"$ref": f"{PREFIX}Made.{name}"}
        return {key: renamed(one) for key, one in value.items()}

    body = document["paths"]["/v1/jobs"]["post"]["requestBody"]["content"]["application/json"]
    body["schema"] = renamed(body["schema"])
    schemas |= {f"Made.{name}": schema for name, schema in made.items()}
