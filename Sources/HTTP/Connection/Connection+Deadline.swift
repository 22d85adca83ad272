import Reactor
import Synchronization

extension Connection {
    /// The moment at which what is under way has taken too long; nil when it may take any time.
    private var deadline: MonotonicInstant? {
        let timeouts = server.configuration.timeouts
        if unsent > 0 { return sendWindowBegan + timeouts.send }
        switch machine.phase {
        case .idle: return phaseBegan + (served ? timeouts.idle : timeouts.head)
        case .head: return phaseBegan + timeouts.head
        case .body, .discarding:
            let earned = Double(bodyReceived) / Double(max(1, timeouts.minimumBodyRate))
            return phaseBegan + timeouts.body + .seconds(earned)
        case .answering, .closed: return nil
        case .flushing: return sendWindowBegan + timeouts.send
        case .lingering: return phaseBegan + timeouts.linger
        }
    }

    /// Sees to it that the deadline is looked at in time. A later deadline than the one waited for costs nothing: it is
    /// found when that one comes up.
    func armDeadline() {
        guard let deadline else { return }
        if let timer {
            guard deadline < timer.at else { return }
            server.reactor.cancel(timer.token)
        }
        let token = server.reactor.schedule(at: deadline) { [weak self] in self?.timerFired() }
        timer = (token, deadline)
    }

    /// Whether the client took what it must of the answers that waited for it through a whole window.
    private var readsFastEnough: Bool {
        let timeouts = server.configuration.timeouts
        let (seconds, attoseconds) = timeouts.send.components
        let least = (Double(seconds) + Double(attoseconds) / 1e18) * Double(timeouts.minimumReadRate)
        return sentInWindow > 0 && Double(sentInWindow) >= least
    }

    private func timerFired() {
        timer = nil
        guard let deadline else { return }
        if deadline <= server.reactor.now {
            if unsent > 0, readsFastEnough {
                beginSendWindow()
            } else {
                if unsent > 0 { server.configuration.figures.slowReaders.add(1, ordering: .relaxed) }
                perform(machine.deadlinePassed(unsent: unsent > 0))
            }
        }
        guard !machine.isClosed else { return }
        advance()
        armDeadline()
    }
}
