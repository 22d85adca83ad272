/// Something that acts around the runs of a session (TensorFlow: `tf.train.SessionRunHook`).
///
/// The order is: `begin` before the session exists, `sessionCreated`, then for each run `beforeRun`, the run,
/// `afterRun`, and `end` after the last run. `end` is not called when a run fails.
public protocol SessionHook: AnyObject {
    /// Looks up and creates variables before there is a session.
    ///
    /// - Throws: what is wrong with the scope.
    func begin(_ scope: VariableScope) throws

    /// Acts on a session that has just been created, or created anew (`after_create_session`).
    ///
    /// - Throws: what the session's runs throw.
    func sessionCreated(_ session: any Session) throws

    /// Acts before a run and names what else the run is to fetch (`before_run`).
    ///
    /// - Throws: what the session's runs throw.
    func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation]

    /// Acts after a run; `values` are those of the operations that this hook's `beforeRun` named (`after_run`).
    ///
    /// - Throws: what the session's runs throw.
    func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws

    /// Acts after the last run, before the session is closed (`end`).
    ///
    /// - Throws: what the session's runs throw.
    func end(_ session: any Session) throws
}

extension SessionHook {
    /// Does nothing.
    public func begin(_ scope: VariableScope) throws {}

    /// Does nothing.
    public func sessionCreated(_ session: any Session) throws {}

    /// Fetches nothing.
    public func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] { [] }

    /// Does nothing.
    public func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {}

    /// Does nothing.
    public func end(_ session: any Session) throws {}
}

/// What hooks see of a run (TensorFlow: `tf.train.SessionRunContext`).
public final class SessionRunContext {
    /// The session.
    public let session: any Session

    /// What the run is asked for, what hooks add not included (`original_args`).
    package let operations: [SessionOperation]

    /// Whether a hook asked that this run be the last.
    package private(set) var stopRequested = false

    /// The context of a run.
    package init(session: any Session, operations: [SessionOperation] = []) {
        self.session = session
        self.operations = operations
    }

    /// Asks that this run be the last.
    public func requestStop() {
        stopRequested = true
    }
}
