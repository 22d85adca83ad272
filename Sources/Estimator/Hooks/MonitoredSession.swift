/// A session whose runs call hooks (TensorFlow: `tf.train.MonitoredSession`). Training and evaluation loop over it
/// until it says to stop.
package final class MonitoredSession {
    /// The session.
    package let session: any Session

    /// Whether a hook asked to stop (`should_stop`).
    package private(set) var shouldStop = false

    private let hooks: [any SessionHook]

    /// Calls the hooks' `begin`, makes the session and calls their `sessionCreated`, each in the order given.
    ///
    /// - Throws: what a hook or making the session throws.
    package init(
        hooks: [any SessionHook], scope: VariableScope, makeSession: () throws -> any Session
    ) throws {
        self.hooks = hooks
        for hook in hooks { try hook.begin(scope) }
        session = try makeSession()
        for hook in hooks { try hook.sessionCreated(session) }
    }

    /// Runs operations together with what the hooks want fetched, and gives the operations' values.
    ///
    /// - Throws: what a hook or the run throws.
    @discardableResult
    package func run(_ operations: [SessionOperation]) throws -> [SessionValue] {
        let context = SessionRunContext(session: session, operations: operations)
        var all = operations
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(hooks.count)
        for hook in hooks {
            let start = all.count
            all += try hook.beforeRun(context)
            ranges.append(start..<all.count)
        }
        let values = try session.run(all)
        for (hook, range) in zip(hooks, ranges) {
            try hook.afterRun(context, values: Array(values[range]))
        }
        if context.stopRequested { shouldStop = true }
        return Array(values.prefix(operations.count))
    }

    /// Ends cleanly: calls the hooks' `end` in the order given, then closes the session. After a failed run call the
    /// session's own `close` instead: no hook's `end` is called then.
    ///
    /// - Throws: what a hook or closing throws.
    package func end() throws {
        for hook in hooks { try hook.end(session) }
        try session.close()
    }
}
