"""What schemathesis is told of tpud: jobs that exist, so that not every answer is 404, and that each field of an answer has to
be documented."""
import atexit
import collections
import http.client
import json
import os
import pathlib
import re
import time
import zlib

import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import CoverageScenario, coverage_scenario

import answers
import fixtures
import made

JOBS = json.loads(os.environ["TPUD_OPENAPI_JOBS"])
# How often each operation was answered each status.
SEEN = collections.defaultdict(collections.Counter)
IDS = [JOBS["trained"], JOBS["predicted"], JOBS["waiting"], JOBS["running"]]
# Those that end a job are not asked of the one that runs: others need it.
ENDS = {"cancelJob", "killJob", "deleteJob"}
# Those that succeed with one job alone are asked of it until they have.
FITTING = {"pauseJob": "running", "profileJob": "running", "checkpointJob": "running", "resumeJob": "running",
           "readPredictions": "predicted"}
# Those that succeed once with each job are asked of new ones until they have, which wait behind the one that runs.
ONCE = {"cancelJob", "killJob"}
FILES = ["model.safetensors", "state.json", "model.onnx"]
DAEMON = int(os.environ["TPUD_OPENAPI_PORT"])


@schemathesis.hook
def before_load_schema(context, raw_schema):
    made.for_requests(raw_schema, int(os.environ["TPUD_OPENAPI_SEED"]))


def is_negative(case, location):
    return case.meta is not None and case.meta.is_negative_at(location)


def name_of(case):
    return case.operation.definition.raw["operationId"]


def ask(method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", DAEMON, timeout=30)
    connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse().read()
    connection.close()
    return json.loads(answer)


def revive():
    """Lets the endless job run again, whatever was asked of it and of the hosts."""
    for host in range(2):
        for verb in ["repair", "undrain"]:
            ask("POST", f"/v1/hosts/{host}/{verb}")
    ask("POST", f"/v1/jobs/{JOBS['running']}/resume")
    for _ in range(100):
        if ask("GET", f"/v1/jobs/{JOBS['running']}")["state"] == "RUNNING":
            return
        time.sleep(0.05)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Names things that exist in nine of ten paths, and lets no request wait for minutes."""
    parameters, query = case.path_parameters, case.query or {}
    # A wait stays one; what is not a length of time stays that.
    if isinstance(query.get("wait"), str) and re.fullmatch(r"[0-9.]{1,18}(ms|s|m|h)?", query["wait"]):
        query["wait"] = "20ms"
    # Two starts of a page of events contradict each other, which no schema of parameters can say.
    if "tail" in query and "after_seq" in query and not is_negative(case, ParameterLocation.QUERY):
        del query["tail"]
    name = name_of(case)
    # The same request gets the same choice each time, as shrinking asks for.
    choice = zlib.crc32(repr((case.operation.label, parameters, query, case.body)).encode())
    # A key that comes again with another body is refused, which no schema can say.
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and not is_negative(case, ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = f"{key[:240]}-{choice:x}"
    if name == "submitJob" and choice % 3 == 0 and (case.meta is None or case.meta.generation.mode.is_positive):
        # What is made up from the schema hardly ever has shapes that fit.
        case.body = fixtures.job(f"made-{choice}")
    if not parameters or is_negative(case, ParameterLocation.PATH) or choice % 10 == 0:
        return
    has_succeeded = any(200 <= status < 300 for status in SEEN[name])
    if name == "redeliver" and not has_succeeded:
        parameters["id"] = JOBS["delivery"]
    if "id" in parameters and "deliveries" not in case.path:
        ids = [one for one in IDS if one != JOBS["running"] or name not in ENDS]
        parameters["id"] = ids[choice // 10 % len(ids)]
        if name == "deleteJob" and JOBS["cancelled"] and choice % 2:
            parameters["id"] = JOBS["cancelled"].pop()
        if name in ONCE | FITTING.keys() and not has_succeeded:
            for field in ["If-Match", "If-None-Match", "Range"]:
                (case.headers or {}).pop(field, None)
            if name in ONCE:
                parameters["id"] = ask("POST", "/v1/jobs", fixtures.job(f"once-{choice}"))["id"]
            else:
                parameters["id"] = JOBS[FITTING[name]]
            if FITTING.get(name) == "running":
                revive()
    if name == "pageFile":
        parameters["version"], parameters["file"] = JOBS["page"]
    # Both wait for the end of the job.
    if str(query.get("follow")).lower() == "true" or "until" in query:
        parameters["id"] = JOBS["trained"]
    if "step" in parameters:
        parameters["id"], parameters["step"] = JOBS["trained"], 20
        parameters["file"] = FILES[choice // 10 % len(FILES)]
    elif "profiles" in case.path and "n" in parameters:
        parameters["id"], parameters["n"] = JOBS["running"], 1
    elif "hosts" in case.path:
        parameters["n"] = choice // 10 % 2


@schemathesis.hook
def after_call(context, case, response):
    if case.method.lower() == case.operation.method.lower():
        SEEN[name_of(case)][response.status_code] += 1


@atexit.register
def tell():
    pathlib.Path(os.environ["TPUD_OPENAPI_SEEN"]).write_text(json.dumps(SEEN))


@schemathesis.check
def documented_fields(ctx, response, case):
    """Every header field of an answer is documented, and those are there that are documented as always there."""
    if coverage_scenario(case) == CoverageScenario.UNSPECIFIED_HTTP_METHOD:
        return
    document = case.operation.schema.raw_schema
    faults = answers.field_faults(document, case.path, case.method, response.status_code, response.headers)
    assert not faults, "; ".join(faults)
