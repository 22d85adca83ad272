"""Requests that no client of ours would send: queries, headers and raw framing with extreme values."""
import values

ROUTES = [
    "/v1/jobs", "/v1/jobs/{id}", "/v1/jobs/{id}/events", "/v1/jobs/{id}/logs", "/v1/jobs/{id}/metrics",
    "/v1/jobs/{id}/checkpoints", "/v1/jobs/{id}/attempts", "/v1/jobs/{id}/predictions",
    "/v1/jobs/{id}/checkpoints/{value}/{file}", "/v1/queue", "/v1/topology", "/v1/events", "/metrics", "/healthz",
    "/readyz", "/version", "/openapi.json", "/", "/v1/hosts/{value}/drain", "/v1/data", "/v1/nothing",
]
VERBS = ["cancel", "kill", "pause", "resume", "checkpoint", "profile"]
FILES = ["model.safetensors", "state.json", "manifest.json", "x", "..", "%2e%2e%2fx", "model.safetensors%00"]
PARAMETERS = [
    "limit", "page_token", "state", "label", "owner", "name", "wait", "since_version", "until", "after_seq", "tail",
    "since_offset", "from_step", "max_points", "dry_run", "full", "follow", "x", "%00",
]
METHODS = ["GET"] * 8 + ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "a" * 40]
TYPES = ["application/json", "text/plain", "application/x-www-form-urlencoded", "", "application/json;charset=utf-16"]
BODIES = [b"", b"{}", b"null", b"[]", b'{"priority":1e300}', b'{"priority":9223372036854775808}', b'{"labels":{"":""}}',
          b'{"max_run_seconds":1e21}', b'{"keep_checkpoint_max":-1}', b'{"zzz":1}', b"{", b"\xff", b"x" * 70_000]


def headers(random):
    """A few header fields, some of them wrong."""
    def some(*choices):
        return random.choice(choices)
    number = [random.choice(values.QUERY[:13]) for _ in range(2)]
    fields = {}
    if random.random() < 0.3:
        fields["Range"] = some("bytes=", "bytes=-", "bytes=0-", "bytes=-0", "bytes=1-0",
                               f"bytes={number[0]}-{number[1]}", "bytes=0-0,1-1", "bytes=" + "0-1," * 500, "x=0-1")
    if random.random() < 0.3:
        fields["If-None-Match"] = some("*", '"1"', 'W/"1"', '"', ",", '""', "x" * 9000, '"99999999999999999999"',
                                       'W/"1", "2"')
    if random.random() < 0.1:
        fields["If-Match"] = some("*", '"0"', '"', "x")
    if random.random() < 0.1:
        fields["If-Range"] = some('"x"', "Sat, 28 Nov 2026 15:00:00 GMT", "")
    if random.random() < 0.2:
        fields["Accept"] = some("text/event-stream", "*/*", "", "x", "application/json;q=0", "*/*;q=0", "," * 100,
                                "application/json;q=9", "text/event-stream;q=0, application/json;q=0.001")
    if random.random() < 0.1:
        fields["Last-Event-ID"] = random.choice(values.QUERY[:18])
    if random.random() < 0.05:
        fields["Origin"] = some("null", "http://evil.example", "http://127.0.0.1", "http://localhost:1", "x")
    if random.random() < 0.05:
        fields["Sec-Fetch-Site"] = some("cross-site", "same-origin", "none", "x")
    return fields


def query(random):
    pairs = [f"{random.choice(PARAMETERS)}={random.choice(values.QUERY)}"
             for _ in range(random.choice([0, 1, 1, 1, 2, 3, 40]))]
    if random.random() < 0.02:
        pairs = [f"label=a{index}=b" for index in range(1200)]
    # A long poll is not what is searched for.
    pairs = [pair for pair in pairs if not pair.startswith(("wait=", "until=")) or pair in ("wait=1ms", "wait=-1")]
    if random.random() < 0.1:
        pairs += ["until=terminal", "wait=1ms"]
    return "&".join(pairs)[:15_000]


def request(random, ids):
    """Method, target, body and header fields."""
    names = ids + ["x", "0" * 26, "%2e%2e", "..", "a" * 3000, "%00"]
    target = random.choice(ROUTES).format(
        id=random.choice(names), value=random.choice(values.QUERY) or 0, file=random.choice(FILES))
    method, body, fields = random.choice(METHODS), None, headers(random)
    if random.random() < 0.1:
        method, target = "POST", f"/v1/jobs/{random.choice(names)}/{random.choice(VERBS)}"
    if method in ("POST", "PUT", "PATCH", "DELETE") and random.random() < 0.8:
        body = random.choice(BODIES)
        fields["Content-Type"] = random.choice(TYPES)
    words = query(random)
    # A stream of all events has no end, and that of a job which is never started has none either.
    if target.endswith("/events") and fields.get("Accept") == "text/event-stream":
        fields["Accept"] = "text/event-stream;q=0.1, application/json"
    # What follows ends with its job; one that is never started would hold the answer for ever.
    return method, target + ("?" + words.replace("follow=true", "follow=false") if words else ""), body, fields


def message(random, port):
    """Bytes that are almost HTTP."""
    def some(*choices):
        return random.choice(choices)

    def length():
        return some("0", "1", "-1", "+1", "0x10", "00000000000000000001", "9223372036854775807", "9223372036854775808",
                    "18446744073709551616", "9" * 400, "", " 5", "5 ", "5,5", "1e3", "33554432", "33554433")

    def size():
        return some("0", "1", "F", "ffffffff", "7fffffffffffffff", "8000000000000000", "F" * 16, "1" + "0" * 30,
                    "0" * 300 + "1", "-1", "+1", "0x1", "", "1;", "1;a=b", "1 ;a", "2000000", "2000001", "g")

    here = f"Host: 127.0.0.1:{port}"
    host = some(here, here, here, "Host: x", "Host: ", "Host: [::1]:1", "Host: [", "Host: a:b", "Host: x\r\nHost: y",
                "", "Host: %zz", "Host: x y", "host : x", "Host: " + "a" * 17_000, "Host: localhost:99999999999")
    kind = random.random()
    if kind < 0.35:
        more = some("", "", f"Content-Length: {length()}\r\n", "Transfer-Encoding: chunked\r\n",
                    "Expect: 100-continue\r\n")
        return (f"POST /v1/jobs HTTP/1.1\r\n{host}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {length()}\r\n{more}\r\n{{}}").encode("latin1")
    if kind < 0.75:
        coding = some("chunked", "chunked", "chunked", "gzip, chunked", "chunked, chunked", "identity", "")
        chunks = "".join(f"{size()}\r\n{'{}'[:some(0, 1, 2)]}\r\n" for _ in range(some(1, 2, 5)))
        end = some("0\r\n\r\n", "0\r\nA: b\r\n\r\n", "0\r\nHost: x\r\n\r\n", "0\r\n" + "A: b\r\n" * 200 + "\r\n", "")
        return (f"POST /v1/jobs HTTP/1.1\r\n{host}\r\nContent-Type: application/json\r\n"
                f"Transfer-Encoding: {coding}\r\n\r\n{chunks}{end}").encode("latin1")
    method = some("GET", "G" * 20_000, "\0", "get", "GET\t", "")
    target = some("/", "*", "http://x", "http://x/healthz", "http://:0/", "http://x?y", "//", "/%", "/%zz", "/?%",
                  "/" + "a" * 20_000, "/a#b", "x")
    version = some(" HTTP/1.1", " HTTP/1.0", " HTTP/2.0", " HTTP/1.9", " HTTP/9.9", "", " http/1.1", " HTTP/1.1 ")
    field = some("", "A: b\r\n" * 200, " folded\r\n", ": x\r\n", "A\r\n", "A: \0\r\n", "A: b\n",
                 "Connection: close\r\n", "Expect: x\r\n", "Connection: " + "," * 5000 + "\r\n")
    return f"{method}{some(' ', '  ', '')}{target}{version}\r\n{host}\r\n{field}\r\n".encode("latin1")
