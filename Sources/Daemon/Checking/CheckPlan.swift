import DequeModule
package import Reactor

/// Which check process does what, and which checks wait: one method for each thing that can happen, each answering what
/// has to be done. Time comes in as a parameter; ``CheckPool`` does the effects.
///
/// A slot is empty → busy → idle → busy … → leaving → empty. Processes are started when a check needs one.
package struct CheckPlan: ~Copyable {
    /// How much at once.
    package struct Limits: Sendable, Equatable {
        /// Processes, at least 1.
        package var processes: Int
        /// Checks that wait.
        package var waiting: Int
        /// Bytes of the specifications that wait.
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

    private struct Waiting {
        var check: Int
        var bytes: Int
        var deadline: MonotonicInstant
    }

    private var slots: [Slot] = []
    private var waiting: Deque<Waiting> = []
    private var waitingBytes = 0
    private var isClosed = false
    private var limits: Limits

    /// No process runs yet.
    package init(limits: Limits) { self.limits = limits }

    /// The next moment at which ``timePassed(at:)`` has something to do; nil for none.
    package var deadline: MonotonicInstant? {
        let running = slots.compactMap { slot in
            if case .busy(_, let deadline, _) = slot { deadline } else { nil }
        }
        return (running + (waiting.first.map { [$0.deadline] } ?? [])).min()
    }

    /// How many checks run.
    package var running: Int { slots.count { if case .busy = $0 { true } else { false } } }
    /// How many checks wait.
    package var queued: Int { waiting.count }

    // MARK: What can happen

    /// Other limits hold from now on.
    package mutating func limitsChanged(to limits: Limits) { self.limits = limits }

    /// Somebody wants a check of so many bytes.
    package mutating func asked(_ check: Int, bytes: Int, at now: MonotonicInstant) -> [Action] {
        if isClosed { return [.fail(check: check, .closing)] }
        let isFree = waiting.isEmpty && freeSlot != nil
        guard isFree || (waiting.count < limits.waiting && waitingBytes + bytes <= limits.waitingBytes) else {
            return [.fail(check: check, .busy)]
        }
        waiting.append(Waiting(check: check, bytes: bytes, deadline: now + limits.patience))
        waitingBytes += bytes
        return assigned(at: now)
    }

    /// Whoever asked has gone.
    package mutating func cancelled(_ check: Int) -> [Action] {
        if let index = waiting.firstIndex(where: { $0.check == check }) {
            waitingBytes -= waiting.remove(at: index).bytes
            return []
        }
        guard let slot = slot(of: check) else { return [] }
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
        while let first = waiting.first, first.deadline <= now {
            waiting.removeFirst()
            waitingBytes -= first.bytes
            actions.append(.fail(check: first.check, .busy))
        }
        return actions
    }

    /// The daemon is about to end: nothing more is checked.
    package mutating func closed() -> [Action] {
        isClosed = true
        var actions: [Action] = waiting.map { .fail(check: $0.check, .closing) }
        waiting.removeAll()
        waitingBytes = 0
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
        while !isClosed, let first = waiting.first, let slot = freeSlot {
            waiting.removeFirst()
            waitingBytes -= first.bytes
            if slot == slots.count { slots.append(.empty) }
            var served = 0
            if case .idle(let before) = slots[slot] { served = before } else { actions.append(.launch(slot: slot)) }
            slots[slot] = .busy(check: first.check, deadline: now + limits.patience, served: served)
            actions.append(.send(slot: slot, check: first.check))
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
