package import Reactor

/// How long what a connection does may take, and the reactor's deadlines for it.
package struct ConnectionTimers {
    /// When what is under way began.
    package private(set) var began: MonotonicInstant
    /// Whether a request was read before: a client that has not sent one yet has less time for it.
    package private(set) var hasServed = false

    private var armed: (token: TimerToken, deadline: MonotonicInstant)?
    private var cancelling: TimerToken?

    /// A connection that begins now.
    package init(_ now: MonotonicInstant) { began = now }

    // MARK: How long

    /// Something else is under way from now on.
    package mutating func begin(_ now: MonotonicInstant) { began = now }

    /// A request was read: what it needs is under way from now on.
    package mutating func beginRequest(_ now: MonotonicInstant) {
        began = now
        hasServed = true
    }

    /// The moment at which what is under way has taken too long; nil when it may take any time.
    /// - Parameters:
    ///   - limit: what the machine says is limited.
    ///   - unsent: whether bytes wait for the client, which goes before everything else.
    ///   - pace: how fast the client takes them.
    ///   - bodyReceived: bytes of the present body, which earn it more time.
    package func deadline(
        _ limit: ConnectionMachine.TimeLimit?, unsent: Bool, pace: SendPace, bodyReceived: Int,
        _ timeouts: ServerConfiguration.Timeouts
    ) -> MonotonicInstant? {
        if unsent { return pace.began + timeouts.send }
        switch limit {
        case nil: return nil
        case .request: return began + (hasServed ? timeouts.idle : timeouts.head)
        case .head: return began + timeouts.head
        case .body:
            let earned = Double(bodyReceived) / Double(max(1, timeouts.minimumBodyRate))
            return began + timeouts.body + .seconds(earned)
        case .send: return pace.began + timeouts.send
        case .linger: return began + timeouts.linger
        }
    }

    // MARK: The reactor's deadlines

    /// Whether `arm` must be called for `deadline`. A later one than that waited for costs nothing: it is found when that
    /// one comes up.
    package func mustArm(_ deadline: MonotonicInstant) -> Bool { armed.map { deadline < $0.deadline } ?? true }

    /// Has `action` run at `deadline` in place of what was armed before.
    package mutating func arm(_ deadline: MonotonicInstant, on reactor: EventLoop, _ action: @escaping () -> Void) {
        if let armed { reactor.cancel(armed.token) }
        armed = (reactor.schedule(at: deadline, action), deadline)
    }

    /// The armed deadline has come up.
    package mutating func cameUp() { armed = nil }

    /// Whether a handler is to be cancelled soon.
    package var isCancelling: Bool { cancelling != nil }

    /// Has `action`, which cancels the present handler, run after a while.
    package mutating func cancelSoon(
        after duration: Duration, on reactor: EventLoop, _ action: @escaping () -> Void
    ) {
        keepHandler(on: reactor)
        cancelling = reactor.schedule(after: duration, action)
    }

    /// The present handler is not to be cancelled any more: it has ended, or it is cancelled.
    package mutating func keepHandler(on reactor: EventLoop) {
        if let token = cancelling.take() { reactor.cancel(token) }
    }

    /// Takes all deadlines back.
    package mutating func stop(on reactor: EventLoop) {
        if let (token, _) = armed.take() { reactor.cancel(token) }
        keepHandler(on: reactor)
    }
}
