import Glibc
import HTTP
import Jobs
import Logging
import Reactor
import Store

extension TrainingDaemon {
    /// Does what is to be done from time to time while the daemon serves. On the reactor.
    func beginUpkeep(_ services: Services, _ server: Server, _ reactors: [EventLoop]) {
        beatWatchdog(services, Array(reactors.dropFirst()), Liveness())
        forgetAudit(services)
        if services.access.tokens != nil { watchTokens(services, server) }
        if getpid() == 1 { reapOrphans(services.reactor, OrphanReaper()) }
        _ = services.reactor.schedule(after: Self.quietTime) { [self] in
            Task(executorPreference: services.reactor) { [self] in await forgetStarts(in: services.store.path) }
        }
    }

    /// Forgets, at the start and every hour, what the audit trail has kept for long enough.
    private func forgetAudit(_ services: Services) {
        Task(executorPreference: services.reactor) {
            let days = Double(services.configuration.current.auditDays)
            do {
                try await services.store.forgetAudit(
                    before: services.clock.wall().advanced(bySeconds: -days * 86_400))
            } catch {
                services.complain("audit", "what the audit trail has kept for long could not be forgotten: \(error)")
            }
        }
        _ = services.reactor.schedule(after: .seconds(3_600)) { [self] in forgetAudit(services) }
    }

    /// Half of what systemd waits, from the reactor's own timers: a reactor that hangs is noticed. Nothing is sent while
    /// another reactor, the disk threads or the commits hang.
    private func beatWatchdog(_ services: Services, _ others: [EventLoop], _ liveness: Liveness) {
        guard let microseconds = parts.notifier.watchdogMicroseconds, microseconds >= 2 else { return }
        let limit = Duration.microseconds(Int64(clamping: microseconds / 2))
        let now = services.reactor.now
        if let part = liveness.hanging(at: now, limit: limit, commitWait: services.store.commitWait) {
            services.complain("watchdog", "\(part) have not got on for \(limit): systemd's watchdog is not fed")
        } else {
            parts.notifier.send(.watchdog)
        }
        if liveness.asks(.disk, at: now) {
            Task(executorPreference: services.reactor) {
                try? await DiskWork.run {}
                liveness.answered(.disk)
            }
        }
        for (index, reactor) in others.enumerated() where liveness.asks(.reactor(index + 1), at: now) {
            reactor.submit { liveness.answered(.reactor(index + 1)) }
        }
        _ = services.reactor.schedule(after: limit) { [self] in beatWatchdog(services, others, liveness) }
    }

    /// Reaps, every few seconds, what falls to process 1.
    private func reapOrphans(_ reactor: EventLoop, _ reaper: OrphanReaper) {
        _ = reactor.schedule(after: .seconds(5)) { [self] in
            Task(executorPreference: reactor) { [self] in
                let count = (try? await DiskWork.run { reaper.sweep() }) ?? 0
                if count > 0 { parts.log.debug("\(count) processes that nobody waited for were reaped") }
                reapOrphans(reactor, reaper)
            }
        }
    }
}
