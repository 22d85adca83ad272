package import HTTP
package import Reactor

/// Which check process does what, and which checks wait: one method for each thing that can happen, each answering what
/// has to be done. Time comes in as a parameter; ``CheckPool`` does the effects.
///
/// A slot is empty → busy → idle → busy … → leaving → empty. Processes are started when a check needs one. Which check is next
/// is ``CheckQueue``'s: clients take turns. No client's checks are more than half of what may wait, so that others' find room.
package struct CheckPlan: ~Copyable {
    /// How much at once.
    package struct Limits: Sendable, Equatable {
        /// Processes, at least 1.
        package var processes: Int
        /// Checks that wait. Half of them may be one client's.
        package var waiting: Int
        /// Bytes of the specifications that wait. Half of them may be one client's; more only for a single specification.
        package var waitingBytes: Int
        /// How long a check may wait, and how long it may take.
        package var patience: Duration
        /// Checks of one process before it is replaced.
        package var served: Int
        /// Bytes of memory after which a process is replaced.
        package var memory: Int

        /// - Parameters:
        ///   - waiting: default 128.
        ///   - waitingBytes: default 128 MiB.
        ///   - served: default 10,000.
        ///   - memory: default 512 MiB.
        package init(
            processes: Int, waiting: Int = 128, waitingBytes: Int = 128 << 20, patience: Duration,
            served: Int = 10_000, memory: Int = 512 << 20
        ) {
            self.processes = processes
            self.waiting = waiting
            self.waitingBytes = waitingBytes
            self.patience = patience
            self.served = served
            self.memory = memory
        }
    }

    /// What has to be done.
    package enum Action: Sendable, Equatable {
        /// Start a process at this slot.
        case launch(slot: Int)
        /// Give a process this check.
        case send(slot: Int, check: Int)
        /// Tell whoever asked what the process has reported.
        case answer(check: Int)
        /// Tell whoever asked that the check failed.
        case fail(check: Int, CheckFailure)
        /// Close a process's socket: it leaves of itself.
        case retire(slot: Int)
        /// Kill a process.
        case kill(slot: Int)
    }

    private enum Slot: Equatable {
        case empty
        case idle(served: Int)
        case busy(check: Int, deadline: MonotonicInstant, served: Int)
        case leaving
    }

    private var slots: [Slot] = []
    private var waiting = CheckQueue()
    private var isClosed = false
    private var limits: Limits

    /// No process runs yet.
    package init(limits: Limits) { self.limits = limits }

    /// The next moment at which ``timePassed(at:)`` has something to do; nil for none.
    package var deadline: MonotonicInstant? {
        let running = slots.compactMap { slot in
            if case .busy(_, let deadline, _) = slot { deadline } else { nil }
        }
        return (running + (waiting.deadline.map { [$0] } ?? [])).min()
    }

    /// How many checks run.
    package var running: Int { slots.count { if case .busy = $0 { true } else { false } } }
    /// How many checks wait.
    package var queued: Int { waiting.count }
    /// Bytes of the specifications that wait.
    package var queuedBytes: Int { waiting.bytes }

    // MARK: What can happen

    /// Other limits hold from now on.
    package mutating func limitsChanged(to limits: Limits) { self.limits = limits }

    /// A client wants a check of so many bytes.
    package mutating func asked(
        _ check: Int, by client: ClientKey, bytes: Int, at now: MonotonicInstant
    ) -> [Action] {
        if isClosed { return [.fail(check: check, .closing)] }
        let isFree = waiting.count == 0 && freeSlot != nil
        if !isFree, let failure = refusal(of: client, bytes: bytes) { return [.fail(check: check, failure)] }
        waiting.append(check, of: client, bytes: bytes, until: now + limits.patience)
        return assigned(at: now)
    }

    /// Why a check may not wait; nil when it may.
    private func refusal(of client: ClientKey, bytes: Int) -> CheckFailure? {
        let own = waiting.held(by: client)
        let isWithinPart = own.checks < limits.waiting / 2 && own.bytes + bytes <= limits.waitingBytes / 2
        // One specification alone may be as large as any.
        if own.checks > 0, !isWithinPart { return .clientBusy(waiting: own.checks) }
        let fits = waiting.count < limits.waiting && waiting.bytes + bytes <= limits.waitingBytes
        return fits ? nil : .busy
    }

    /// Whoever asked has gone.
    package mutating func cancelled(_ check: Int) -> [Action] {
        guard !waiting.remove(check), let slot = slot(of: check) else { return [] }
        slots[slot] = .leaving
        return [.kill(slot: slot)]
    }

    /// A process has reported, and has used so much memory at most.
    package mutating func reported(
        slot: Int, check: Int, peakBytes: Int, at now: MonotonicInstant
    ) -> [Action] {
        guard case .busy(check, _, let served) = slots[slot] else {
            return malformed(slot: slot, "a report of another check", at: now)
        }
        let isWornOut =
            served + 1 >= limits.served || peakBytes > limits.memory || slot >= limits.processes || isClosed
        slots[slot] = isWornOut ? .leaving : .idle(served: served + 1)
        return [.answer(check: check)] + (isWornOut ? [.retire(slot: slot)] : []) + assigned(at: now)
    }

    /// A process has sent bytes that are not a report.
    package mutating func malformed(slot: Int, _ detail: String, at now: MonotonicInstant) -> [Action] {
        defer { slots[slot] = .leaving }
        switch slots[slot] {
        case .busy(let check, _, _): return [.fail(check: check, .malformed(detail)), .kill(slot: slot)]
        case .idle: return [.kill(slot: slot)]
        case .empty, .leaving: return []
        }
    }

    /// A process is gone, or could not be started.
    package mutating func ended(slot: Int, _ failure: CheckFailure, at now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        if case .busy(let check, _, _) = slots[slot] { actions = [.fail(check: check, failure)] }
        slots[slot] = .empty
        return actions + assigned(at: now)
    }

    /// Time has passed.
    package mutating func timePassed(at now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        for slot in slots.indices {
            guard case .busy(let check, let deadline, _) = slots[slot], deadline <= now else { continue }
            slots[slot] = .leaving
            actions += [.fail(check: check, .tooSlow), .kill(slot: slot)]
        }
        return actions + waiting.expired(at: now).map { .fail(check: $0, .busy) }
    }

    /// The daemon is about to end: nothing more is checked.
    package mutating func closed() -> [Action] {
        isClosed = true
        var actions: [Action] = waiting.removeAll().map { .fail(check: $0, .closing) }
        for slot in slots.indices {
            switch slots[slot] {
            case .busy(let check, _, _): actions += [.fail(check: check, .closing), .kill(slot: slot)]
            case .idle: actions.append(.retire(slot: slot))
            case .empty, .leaving: continue
            }
            slots[slot] = .leaving
        }
        return actions
    }

    // MARK: Places

    /// Gives the checks that wait to the processes that have none, and to new ones where there may be more.
    private mutating func assigned(at now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        while !isClosed, let slot = freeSlot, let check = waiting.next() {
            if slot == slots.count { slots.append(.empty) }
            var served = 0
            if case .idle(let before) = slots[slot] { served = before } else { actions.append(.launch(slot: slot)) }
            slots[slot] = .busy(check: check, deadline: now + limits.patience, served: served)
            actions.append(.send(slot: slot, check: check))
        }
        return actions
    }

    /// A process without a check, else an empty slot.
    private var freeSlot: Int? {
        let allowed = slots.indices.prefix(limits.processes)
        let idle = allowed.first { if case .idle = slots[$0] { true } else { false } }
        if let idle { return idle }
        if let empty = allowed.first(where: { slots[$0] == .empty }) { return empty }
        return slots.count < limits.processes ? slots.count : nil
    }

    private func slot(of check: Int) -> Int? {
        slots.firstIndex { slot in
            if case .busy(check, _, _) = slot { true } else { false }
        }
    }
}
