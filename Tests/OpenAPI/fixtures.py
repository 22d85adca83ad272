"""Jobs that requests can be about, and streams, which schemathesis does not read."""
import http.client
import json
import re
import time

import answers
from document import Schemas


def source(labels=True):
    data = {"features": {"shape": [4]}, "examples": 64, "seed": 1} | ({"labels": {"classes": 2}} if labels else {})
    return {"source": {"synthetic": data}}


def job(name, **more):
    """A job of some milliseconds on one core."""
    return {"name": name, "mode": "train", "train_batch_size": 8, "tpu_config": {"num_shards": 1},
            "model": [{"Dense": {"units": 2}}], "loss": {"SparseCategoricalCrossentropy": {"from_logits": True}},
            "optimizer": {"SGD": {}}, "train": {"max_steps": 20, "input": source()}} | more


def submitted(daemon, spec):
    status, answer = daemon.call("POST", "/v1/jobs", spec)
    if status != 201:
        raise RuntimeError(f"{spec['name']} is answered {status}: {answer}")
    return answer["id"]


def final(daemon, spec):
    """The id of a job that has SUCCEEDED."""
    name = submitted(daemon, spec)
    state = daemon.call("GET", f"/v1/jobs/{name}?until=terminal&wait=120s", timeout=130)[1]
    if state["state"] != "SUCCEEDED":
        raise RuntimeError(f"{spec['name']} ended as {state['state']}: {state['error']}")
    return name


def prepare(daemon):
    """Submits jobs in states of all kinds; their ids by what they are."""
    jobs = {"trained": final(daemon, job(
        "trained", mode="train_and_evaluate", metrics=["accuracy"], evaluate={"every_steps": 10, "input": source()}))}
    start = {"job": jobs["trained"]}
    jobs["predicted"] = final(daemon, job(
        "predicted", mode="predict", train=None, train_batch_size=None, predict={"input": source(labels=False)},
        warm_start_from=start))
    # It holds the only worker: what is submitted after it waits.
    jobs["running"] = submitted(daemon, job(
        "running", train={"max_steps": 1 << 40, "input": source()}, model=[{"Dense": {"units": 512}}, {"Dense": {"units": 2}}],
        run_config={"save_checkpoints_steps": 1 << 40}))
    deadline = time.monotonic() + 60
    while daemon.call("GET", f"/v1/jobs/{jobs['running']}")[1]["state"] != "RUNNING":
        if time.monotonic() > deadline:
            raise RuntimeError("the endless job does not run")
        time.sleep(0.05)
    daemon.call("POST", f"/v1/jobs/{jobs['running']}/profile?steps=3")
    jobs["waiting"] = submitted(daemon, job("waiting", labels={"team": "vision"}, webhooks=[{"url": "http://127.0.0.1:9/"}]))
    page = daemon.call("GET", "/")[1].decode()
    jobs["page"] = re.search(r"/page/(\w+)/(app\.js)", page).groups()
    jobs["cancelled"] = [submitted(daemon, job(f"cancelled-{number}")) for number in range(12)]
    told = submitted(daemon, job("told", webhooks=[{"url": "http://127.0.0.1:9/"}]))
    for name in jobs["cancelled"] + [told]:
        daemon.call("POST", f"/v1/jobs/{name}/cancel")
    # Of a job that nothing else is asked of.
    jobs["delivery"] = daemon.call("GET", f"/v1/webhooks/deliveries?job_id={told}")[1]["deliveries"][0]["id"]
    return jobs


def events(text):
    """The events of a stream that has ended, as their kinds and their data."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":"))
        if "data" in fields:
            yield fields.get("event"), json.loads(fields["data"])


def stream_faults(document, daemon, jobs):
    """What is wrong with streams and long polls: those of a job that has ended end by themselves."""
    found = []
    schemas = Schemas(document)
    accept = {"Accept": "text/event-stream"}
    ended = jobs["trained"]

    def ask(path, target, fields, whole=True):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=30)
        try:
            connection.request("GET", target, headers=fields)
            answer = connection.getresponse()
            body = answer.read() if whole else answer.read1(1 << 16)
            found.extend(answers.field_faults(document, path, "GET", answer.status, answer.headers.keys()))
            kinds = answers.resolved(document, document["paths"][path]["get"]["responses"][str(answer.status)])["content"]
            kind = answer.headers.get_content_type()
            if kind not in kinds:
                found.append(f"{target} is answered as {kind}, which is not documented")
            return answer.status, kind, body.decode()
        finally:
            connection.close()

    # Schemathesis leaves out the route that it has the document from.
    if ask("/openapi.json", "/openapi.json?pretty", {})[:2] != (200, "application/json"):
        found.append("the document is not answered as JSON")
    status, kind, text = ask("/v1/jobs/{id}/events", f"/v1/jobs/{ended}/events", accept)
    told = list(events(text))
    if (status, kind) != (200, "text/event-stream") or len(told) < 3 or told[-1][0] != "end":
        found.append(f"a job's stream is {status} {kind} {text[-300:]}")
    for name, data in told[:-1]:
        found += schemas.faults("Event", data, f"an event {name} of a stream")
    for name, data in told[-1:]:
        found += schemas.faults("StreamEnd", data, "the end of a stream")
    status, kind, text = ask("/v1/events", "/v1/events", accept, whole=False)
    if (status, kind) != (200, "text/event-stream") or "data: " not in text:
        found.append(f"the stream of all events is {status} {kind} {text[:300]}")
    status, kind, text = ask("/v1/jobs/{id}/logs", f"/v1/jobs/{ended}/logs?follow=true", {})
    if (status, kind) != (200, "text/plain") or not text:
        found.append(f"the log that is followed is {status} {kind} {text[:300]}")
    # Longer than the 10 ms, shorter than the patience.
    status, kind, text = ask("/v1/jobs/{id}", f"/v1/jobs/{jobs['waiting']}?wait=10ms", {})
    found += schemas.faults("Job", json.loads(text), "the answer to a long poll")
    if status != 200:
        found.append(f"a long poll that nothing ends is answered {status}")
    return found
