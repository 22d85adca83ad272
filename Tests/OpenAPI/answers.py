"""What the document says of the header fields of answers."""

# What HTTP itself has, whatever is answered; OpenAPI leaves Content-Type to `content`.
TRANSPORT = {"date", "connection", "keep-alive", "content-length", "transfer-encoding", "content-type"}


def resolved(document, value):
    """The value, or what its reference leads to."""
    while "$ref" in value:
        found = document
        for token in value["$ref"].removeprefix("#/").split("/"):
            found = found[token.replace("~1", "/").replace("~0", "~")]
        value = found
    return value


def field_faults(document, path, method, status, names):
    """What of an answer's fields is not as the document has it."""
    responses = document["paths"][path][method.lower()]["responses"]
    if str(status) not in responses:
        return [f"{method} {path} answers {status}, which is not documented"]
    fields = resolved(document, responses[str(status)]).get("headers", {})
    known = {name.lower(): resolved(document, field) for name, field in fields.items()}
    given = {name.lower() for name in names} - TRANSPORT
    found = [f"{method} {path} answers {status} with {name}, which is not documented" for name in sorted(given - known.keys())]
    for name, field in known.items():
        if field.get("required") and name not in given:
            found.append(f"{method} {path} answers {status} without {name}, which is documented as always there")
    return found
