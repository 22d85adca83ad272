/// The transitions of the first schema, as it was released: what the code permits now is brought in at every opening
/// (``Words``).
enum InitialTransitions {
    static let rows = [
        ("QUEUED", ["STARTING", "PAUSED", "CANCELLED", "EXPIRED", "FAILED"]),
        ("STARTING", ["RUNNING", "STOPPING", "SUCCEEDED", "FAILED", "QUEUED", "RETRY_WAIT"]),
        ("RUNNING", ["STOPPING", "SUCCEEDED", "FAILED", "QUEUED", "RETRY_WAIT"]),
        (
            "STOPPING",
            ["STOPPING", "SUCCEEDED", "FAILED", "CANCELLED", "TIMED_OUT", "PAUSED", "QUEUED", "RETRY_WAIT"]
        ),
        ("PAUSED", ["QUEUED", "CANCELLED", "EXPIRED"]),
        ("RETRY_WAIT", ["QUEUED", "PAUSED", "CANCELLED", "FAILED"]),
    ]
}
