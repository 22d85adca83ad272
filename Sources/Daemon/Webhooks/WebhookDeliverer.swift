import Jobs
import Logging
package import Reactor
import Store
import Synchronization
import Transfer

/// Sends what the outbox holds, again and again until its receivers take it or too much time has passed. What is told of a
/// delivery is stored when it has come back: a daemon that ends in between sends it again, with the same id.
// @unchecked: all but the flag is touched on the reactor's thread alone.
package final class WebhookDeliverer: @unchecked Sendable {
    private let services: Services
    private let secret: LiveWebhookSecret
    private var pool: ThreadPool?
    /// The receivers of the deliveries that are under way, by their ids.
    private var underWay: [String: String] = [:]
    /// Deliveries that came back while a pass was reading what waits: what it has read of them is old.
    private var cameBack: Set<String> = []
    private var waits = WaitBook<String>()
    private var passIsWanted = false
    private var passIsRunning = false
    private var alarm: TimerToken?
    private var backoff = Backoff()
    /// No pass begins before this: something failed that is not a receiver's fault.
    private var notBefore = MonotonicInstant(nanoseconds: 0)
    private var isClosed = false
    private var whenIdle: [CheckedContinuation<Void, Never>] = []
    private let isCancelled = Atomic(false)

    private var reactor: EventLoop { services.reactor }

    /// So many receivers are looked at in a pass, and so many deliveries of each: more than can be under way at once.
    private static let receivers = 64
    private static let ofEach = DeliveryPlan.mostToOne + 2

    /// Nothing is sent yet; what comes into the outbox from now on wakes it.
    package init(services: Services, secret: LiveWebhookSecret) {
        self.services = services
        self.secret = secret
        services.store.whenDeliveriesCommit { [weak self] in self?.wake() }
    }

    /// Something may be to be sent. From anywhere.
    package func wake() {
        reactor.perform { [self] in
            passIsWanted = true
            guard !passIsRunning, !isClosed, reactor.clock.now() >= notBefore else { return }
            passIsRunning = true
            Task(executorPreference: reactor) { [self] in await passes() }
        }
    }

    /// Begins nothing more, and gives up what is under way, which the next daemon sends again; returns once nothing is, or at
    /// the deadline. On the reactor.
    package func close(until deadline: MonotonicInstant) async {
        isClosed = true
        isCancelled.store(true, ordering: .releasing)
        let alarm = reactor.schedule(at: deadline) { [self] in tellIdle() }
        defer { reactor.cancel(alarm) }
        while !underWay.isEmpty, reactor.clock.now() < deadline {
            await withCheckedContinuation { whenIdle.append($0) }
        }
    }

    private func tellIdle() {
        for waiting in whenIdle { waiting.resume() }
        whenIdle.removeAll()
    }

    // MARK: Passes

    private func passes() async {
        while passIsWanted, !isClosed, reactor.clock.now() >= notBefore {
            passIsWanted = false
            do {
                try await pass()
            } catch {
                services.complain("webhooks", "deliveries of webhooks can't be looked at: \(error)")
                standBack()
                break
            }
        }
        passIsRunning = false
    }

    private func pass() async throws {
        cameBack.removeAll()
        let all = try await services.store.waitingDeliveries(receivers: Self.receivers, ofEach: Self.ofEach)
            .filter { !cameBack.contains($0.id) }
        guard !all.isEmpty, !isClosed else { return }
        // A disk that was full when the daemon began may have room by now.
        if secret.current == nil { try await DiskWork.run { [secret] in try secret.look() } }
        let now = services.clock.now()
        waits.keep(only: Set(all.map(\.id)))
        let waiting = all.map { delivery -> DeliveryPlan.Waiting in
            let due = waits.deadline(
                of: delivery.id, end: delivery.dueAt ?? now.wall, length: delivery.wait, now: now)
            return (delivery, due)
        }
        let plan = DeliveryPlan(waiting, underWay: underWay, now: now.monotonic)
        if !plan.starts.isEmpty, pool == nil {
            pool = try ThreadPool(threads: DeliveryPlan.most, name: "webhook", niceness: DiskWork.niceness)
        }
        for delivery in plan.starts { begin(delivery) }
        if let next = plan.next { setAlarm(at: next) }
    }

    /// Lets some time pass before the next pass, more each time.
    private func standBack() {
        notBefore = reactor.clock.now() + backoff.next()
        setAlarm(at: notBefore)
    }

    private func setAlarm(at moment: MonotonicInstant) {
        if let alarm { reactor.cancel(alarm) }
        alarm = reactor.schedule(at: moment) { [self] in
            alarm = nil
            wake()
        }
    }

    // MARK: One delivery

    private func begin(_ delivery: DeliveryRecord) {
        underWay[delivery.id] = delivery.origin
        Task(executorPreference: reactor) { [self] in
            await deliver(delivery)
            underWay[delivery.id] = nil
            cameBack.insert(delivery.id)
            if underWay.isEmpty { tellIdle() }
            wake()
        }
    }

    private func deliver(_ delivery: DeliveryRecord) async {
        let configuration = services.configuration.current
        do {
            let verdict = try await send(delivery, configuration)
            // What was given up is not the receiver's fault.
            guard !isClosed || verdict.isSettled, let attempt = attempt(delivery, verdict, configuration) else {
                return
            }
            try await services.store.settle(attempt)
            backoff.reset()
        } catch {
            services.complain("webhooks", "what came of a delivery could not be stored, so it is sent again: \(error)")
            if let error = error as? StoreError { services.storeHealth.failed(error) }
            standBack()
        }
    }

    private func send(_ delivery: DeliveryRecord, _ configuration: Configuration) async throws -> DeliveryVerdict {
        guard let pool else { return .again(status: nil, notBefore: nil, error: "no thread could be started") }
        guard let secret = secret.current else {
            return .again(status: nil, notBefore: nil, error: "the keys could not be read")
        }
        let post: WebhookPost
        do {
            post = try WebhookPost(
                delivery, secret: secret, policy: AddressPolicy(allowed: configuration.webhookNetworks),
                timeout: configuration.webhookTimeout)
        } catch {
            return .dead(status: nil, error: "what is stored of it can't be read: \(error)")
        }
        let seconds = Int(services.clock.wall().seconds)
        return try await pool.run { [self] in
            post.send(at: seconds) { [self] in isCancelled.load(ordering: .acquiring) }
        }
    }

    /// What becomes of a delivery, told in the log where it does not go well: by its receiver's name alone, as the rest of the
    /// address may be a secret.
    private func attempt(
        _ delivery: DeliveryRecord, _ verdict: DeliveryVerdict, _ configuration: Configuration
    ) -> DeliveryAttempt? {
        let now = services.clock.wall()
        let what = "the webhook delivery \(delivery.id) of job \(delivery.event.job) to \(delivery.origin)"
        func count(_ result: String) { services.counters.add("tpud_webhook_attempts_total", [("result", result)]) }
        func made(_ outcome: DeliveryAttempt.Outcome, _ status: Int?, _ error: String?) -> DeliveryAttempt {
            DeliveryAttempt(id: delivery.id, at: now, outcome: outcome, status: status, error: error)
        }
        switch verdict {
        case .delivered(let status):
            count("delivered")
            return made(.delivered, status, nil)
        case .dead(let status, let error):
            count("dead")
            services.log.warning("\(what) is dead: \(error)")
            return made(.dead, status, error)
        case .again(let status, let notBefore, let error):
            let wait = configuration.deliveryBackoff.wait(after: delivery.tries + 1, jitter: .random(in: 0...1))
            guard let wait else {
                count("dead")
                services.log.warning("\(what) is dead after \(delivery.tries + 1) tries: \(error)")
                return made(.dead, status, error)
            }
            count("failed")
            services.log.info("\(what) failed and is tried again: \(error)")
            return made(.again(at: now.advanced(bySeconds: max(wait, notBefore ?? 0))), status, error)
        }
    }
}

extension DeliveryVerdict {
    /// Whether the receiver has answered.
    fileprivate var isSettled: Bool {
        switch self {
        case .delivered, .dead: true
        case .again(let status, _, _): status != nil
        }
    }
}

extension DeliveryRecord {
    /// How long the next try was to wait in all, in seconds: a first one for nothing, whatever the clocks say.
    fileprivate var wait: Double {
        guard let dueAt, let lastAt, tries > 0 else { return 0 }
        return max(0, dueAt.seconds(since: lastAt))
    }
}
