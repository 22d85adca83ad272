package import Reactor
import Synchronization

/// Tells tasks that wait that something about a key has changed: long-polls and followed logs wait here, in place of
/// asking again and again.
package final class Announcements<Key: Hashable & Sendable>: Sendable {
    private let reactor: Reactor
    private let subscribers = Mutex<[Key: [Subscription]]>([:])

    /// Nobody waits yet.
    package init(reactor: Reactor) { self.reactor = reactor }

    /// Begins to listen. What is announced from now on is not missed, whether or not anybody waits at that moment: so
    /// subscribe first, then look, then wait.
    package func subscribe(to key: Key) -> Subscription {
        let subscription = Subscription(reactor: reactor)
        subscribers.withLock { $0[key, default: []].append(subscription) }
        return subscription
    }

    /// Ends a subscription.
    package func unsubscribe(_ subscription: Subscription, from key: Key) {
        subscribers.withLock { subscribers in
            subscribers[key]?.removeAll { $0 === subscription }
            if subscribers[key]?.isEmpty == true { subscribers[key] = nil }
        }
    }

    /// Something about the key has changed. From anywhere; does not wait.
    package func announce(_ key: Key) {
        for subscription in subscribers.withLock({ $0[key] ?? [] }) { subscription.signal(.announced) }
    }

    /// Makes everybody who waits look again.
    package func announceAll() {
        for subscription in subscribers.withLock({ $0.values.flatMap { $0 } }) { subscription.signal(.announced) }
    }

    /// How many subscriptions there are; for tests and metrics.
    package var count: Int { subscribers.withLock { $0.values.reduce(0) { $0 + $1.count } } }
}

/// One listener of an ``Announcements``.
package final class Subscription: Sendable {
    /// Why a wait ended.
    package enum Event: Sendable {
        /// Something was announced since the last wait ended.
        case announced
        /// The deadline came.
        case timedOut
        /// The task was cancelled.
        case cancelled
    }

    private struct State {
        var announced = false
        var waiting: CheckedContinuation<Event, Never>?
        var wait = 0
        var alarm: TimerToken?
    }

    private let reactor: Reactor
    private let state = Mutex(State())

    init(reactor: Reactor) { self.reactor = reactor }

    func signal(_ event: Event, of wait: Int? = nil) {
        let continuation = state.withLock { state -> CheckedContinuation<Event, Never>? in
            if let wait, wait != state.wait { return nil }
            guard let waiting = state.waiting else {
                if event == .announced { state.announced = true }
                return nil
            }
            state.waiting = nil
            return waiting
        }
        continuation?.resume(returning: event)
    }

    /// Waits for an announcement, at most until `deadline`. One task at a time.
    package func next(until deadline: MonotonicInstant) async -> Event {
        let wait = state.withLock { state in
            state.wait += 1
            return state.wait
        }
        let event = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let already: Event? = state.withLock { state in
                    if state.announced {
                        state.announced = false
                        return .announced
                    }
                    if Task.isCancelled { return .cancelled }
                    state.waiting = continuation
                    return nil
                }
                if let already { return continuation.resume(returning: already) }
                reactor.perform { self.setAlarm(at: deadline, wait) }
            }
        } onCancel: {
            signal(.cancelled, of: wait)
        }
        // The alarm of a wait that ended early would otherwise be kept until its deadline.
        if let alarm = state.withLock({ $0.alarm.take() }) { reactor.perform { [reactor] in reactor.cancel(alarm) } }
        return event
    }

    private func setAlarm(at deadline: MonotonicInstant, _ wait: Int) {
        let isWaiting = state.withLock { $0.wait == wait && $0.waiting != nil }
        guard isWaiting else { return }
        let alarm = reactor.schedule(at: deadline) { self.signal(.timedOut, of: wait) }
        state.withLock { $0.alarm = alarm }
    }
}
