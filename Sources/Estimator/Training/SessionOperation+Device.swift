extension SessionOperation {
    /// The whole device loop.
    static let deviceLoop = SessionOperation("device_loop")
    /// What a metric's operations have in place of its update: the outfeed's worker runs the real ones (TensorFlow:
    /// `dummy_update_op`).
    package static let placeholderUpdate = SessionOperation("no_op")

    /// Takes one step off the outfeed for the function of a host call.
    static let hostCall = SessionOperation("host_call")

    private static let enqueuePrefix = "input_pipeline_task"

    /// Grants a host one more step of input.
    static func enqueue(host: Int) -> SessionOperation { SessionOperation("\(enqueuePrefix)\(host)") }

    /// The host of an enqueue operation.
    var enqueuedHost: Int? {
        guard name.hasPrefix(Self.enqueuePrefix) else { return nil }
        return Int(name.dropFirst(Self.enqueuePrefix.count))
    }
}
