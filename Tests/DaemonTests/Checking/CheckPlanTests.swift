import Daemon
import HTTP
import Reactor
import Testing
import TestSupport

@Suite struct CheckPlanTests {
    private static func at(_ seconds: Double) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 0) + .seconds(seconds)
    }

    private static func plan(_ processes: Int = 2, waiting: Int = 2, bytes: Int = 100, served: Int = 3) -> CheckPlan {
        CheckPlan(
            limits: .init(
                processes: processes, waiting: waiting, waitingBytes: bytes, patience: .seconds(10), served: served,
                memory: 1000))
    }

    @Test func processesAreStartedAsTheyAreNeededAndUsedAgain() {
        var plan = Self.plan()
        #expect(plan.asked(1, bytes: 1, at: Self.at(0)) == [.launch(slot: 0), .send(slot: 0, check: 1)])
        #expect(plan.reported(slot: 0, check: 1, peakBytes: 0, at: Self.at(1)) == [.answer(check: 1)])
        #expect(plan.asked(2, bytes: 1, at: Self.at(1)) == [.send(slot: 0, check: 2)])
        #expect(plan.asked(3, bytes: 1, at: Self.at(1)) == [.launch(slot: 1), .send(slot: 1, check: 3)])
        #expect(plan.asked(4, bytes: 1, at: Self.at(1)) == [])
        #expect(plan.running == 2 && plan.queued == 1)
        #expect(
            plan.reported(slot: 1, check: 3, peakBytes: 0, at: Self.at(2)) == [
                .answer(check: 3), .send(slot: 1, check: 4),
            ])
    }

    @Test func noMoreThanSoManyWait() {
        var plan = Self.plan(1)
        _ = plan.asked(1, bytes: 500, at: Self.at(0))
        #expect(plan.asked(2, bytes: 60, at: Self.at(0)) == [])
        #expect(plan.asked(3, bytes: 60, at: Self.at(0)) == [.fail(check: 3, .busy)])
        #expect(plan.asked(4, bytes: 40, at: Self.at(0)) == [])
        #expect(plan.asked(5, bytes: 0, at: Self.at(0)) == [.fail(check: 5, .busy)])
        // Who gives up makes room.
        #expect(plan.cancelled(2) == [])
        #expect(plan.asked(6, bytes: 60, at: Self.at(0)) == [])
    }

    @Test func whatTakesTooLongIsKilledAndItsPlaceGivenToTheNext() {
        var plan = Self.plan(1)
        _ = plan.asked(1, bytes: 1, at: Self.at(0))
        _ = plan.asked(2, bytes: 1, at: Self.at(4))
        #expect(plan.deadline == Self.at(10))
        #expect(plan.timePassed(at: Self.at(9)) == [])
        #expect(plan.timePassed(at: Self.at(10)) == [.fail(check: 1, .tooSlow), .kill(slot: 0)])
        // Its report was on the way.
        #expect(plan.reported(slot: 0, check: 1, peakBytes: 0, at: Self.at(10)) == [])
        #expect(
            plan.ended(slot: 0, .ended(.signaled(9)), at: Self.at(11)) == [
                .launch(slot: 0), .send(slot: 0, check: 2),
            ])
        _ = plan.asked(3, bytes: 1, at: Self.at(11))
        #expect(
            plan.timePassed(at: Self.at(21)) == [.fail(check: 2, .tooSlow), .kill(slot: 0), .fail(check: 3, .busy)])
        #expect(plan.deadline == nil)
    }

    @Test func aClientThatGoesEndsItsCheck() {
        var plan = Self.plan(1)
        _ = plan.asked(1, bytes: 1, at: Self.at(0))
        #expect(plan.cancelled(1) == [.kill(slot: 0)])
        #expect(plan.cancelled(1) == [])
        #expect(plan.asked(2, bytes: 1, at: Self.at(0)) == [])
        #expect(
            plan.ended(slot: 0, .ended(.signaled(9)), at: Self.at(0)) == [
                .launch(slot: 0), .send(slot: 0, check: 2),
            ])
    }

    @Test func aProcessThatDiesFailsItsOwnCheckAlone() {
        var plan = Self.plan()
        _ = plan.asked(1, bytes: 1, at: Self.at(0))
        _ = plan.asked(2, bytes: 1, at: Self.at(0))
        _ = plan.asked(3, bytes: 1, at: Self.at(0))
        let failure = CheckFailure.ended(.signaled(4))
        #expect(
            plan.ended(slot: 0, failure, at: Self.at(1)) == [
                .fail(check: 1, failure), .launch(slot: 0), .send(slot: 0, check: 3),
            ])
        #expect(plan.malformed(slot: 1, "x", at: Self.at(1)) == [.fail(check: 2, .malformed("x")), .kill(slot: 1)])
        // A process that dies without a check leaves its slot.
        _ = plan.reported(slot: 0, check: 3, peakBytes: 0, at: Self.at(2))
        #expect(plan.ended(slot: 0, failure, at: Self.at(2)) == [])
        #expect(plan.asked(4, bytes: 1, at: Self.at(2)) == [.launch(slot: 0), .send(slot: 0, check: 4)])
    }

    @Test func aWornOutProcessIsReplaced() {
        var plan = Self.plan(1)
        for check in 1...2 {
            _ = plan.asked(check, bytes: 1, at: Self.at(0))
            _ = plan.reported(slot: 0, check: check, peakBytes: 10, at: Self.at(0))
        }
        _ = plan.asked(3, bytes: 1, at: Self.at(0))
        #expect(
            plan.reported(slot: 0, check: 3, peakBytes: 10, at: Self.at(0)) == [.answer(check: 3), .retire(slot: 0)])
        _ = plan.ended(slot: 0, .ended(.exited(0)), at: Self.at(0))
        #expect(plan.asked(4, bytes: 1, at: Self.at(0)).first == .launch(slot: 0))
        #expect(
            plan.reported(slot: 0, check: 4, peakBytes: 1001, at: Self.at(0)) == [
                .answer(check: 4), .retire(slot: 0),
            ])
    }

    @Test func theEndFailsAllAndTakesNoMore() {
        var plan = Self.plan()
        for check in 1...3 { _ = plan.asked(check, bytes: 1, at: Self.at(0)) }
        _ = plan.reported(slot: 0, check: 1, peakBytes: 0, at: Self.at(0))
        _ = plan.reported(slot: 0, check: 3, peakBytes: 0, at: Self.at(0))
        #expect(plan.closed() == [.retire(slot: 0), .fail(check: 2, .closing), .kill(slot: 1)])
        #expect(plan.asked(4, bytes: 1, at: Self.at(0)) == [.fail(check: 4, .closing)])
        #expect(plan.ended(slot: 1, .ended(.signaled(9)), at: Self.at(0)) == [])
    }

    // MARK: Clients

    /// What each of some checks, asked for by this client and that one, is told while another check runs.
    private struct Part {
        var asked: [(client: UInt32, bytes: Int, failure: CheckFailure?)]
        var reason: String
    }

    private static let parts = [
        Part(
            asked: [
                (1, 0, nil), (1, 0, nil), (1, 0, .clientBusy(waiting: 2)), (2, 0, nil), (2, 0, nil), (3, 0, .busy),
            ],
            reason: "half of the checks that may wait are one client's"),
        Part(
            asked: [(1, 30, nil), (1, 20, nil), (1, 0, .clientBusy(waiting: 2)), (2, 50, nil), (3, 1, .busy)],
            reason: "and half of the bytes, both to the last one"),
        Part(
            asked: [(1, 30, nil), (1, 21, .clientBusy(waiting: 1)), (1, 20, nil)],
            reason: "what is smaller may find room where what is larger did not"),
        Part(
            asked: [(1, 100, nil), (1, 0, .clientBusy(waiting: 1)), (2, 1, .busy), (2, 0, nil)],
            reason: "one specification alone may be as large as any"),
        Part(asked: [(1, 101, .busy), (1, 50, nil)], reason: "but not larger than all that may wait"),
    ]

    @Test(arguments: parts.indices) func aClientHasHalfOfWhatMayWait(_ index: Int) {
        let part = Self.parts[index]
        var plan = Self.plan(1, waiting: 4)
        _ = plan.asked(1, by: .user(1), bytes: 500, at: Self.at(0))
        for (index, asked) in part.asked.enumerated() {
            let actions = plan.asked(index + 2, by: .user(asked.client), bytes: asked.bytes, at: Self.at(0))
            let expected = asked.failure.map { [CheckPlan.Action.fail(check: index + 2, $0)] } ?? []
            #expect(actions == expected, "\(part.reason): number \(index)")
        }
        let taken = part.asked.filter { $0.failure == nil }
        #expect(plan.queued == taken.count && plan.queuedBytes == taken.reduce(0) { $0 + $1.bytes })
    }

    @Test func whereOnlyOneMayWaitAnyClientsMay() {
        var plan = Self.plan(1, waiting: 1)
        _ = plan.asked(1, by: .user(1), bytes: 0, at: Self.at(0))
        #expect(plan.asked(2, by: .user(1), bytes: 0, at: Self.at(0)) == [])
        #expect(plan.asked(3, by: .user(1), bytes: 0, at: Self.at(0)) == [.fail(check: 3, .clientBusy(waiting: 1))])
        #expect(plan.asked(4, by: .user(2), bytes: 0, at: Self.at(0)) == [.fail(check: 4, .busy)])
    }

    @Test func aFloodByOneClientLeavesTheOthersTheirTurns() {
        var plan = Self.plan(1, waiting: 128, bytes: 1 << 20, served: 1000)
        let failures = (1...1000).flatMap { plan.asked($0, by: .user(1), bytes: 1, at: Self.at(0)) }
        #expect(failures.count == 2 + 1000 - 65 && failures.last == .fail(check: 1000, .clientBusy(waiting: 64)))
        #expect(plan.asked(1001, by: .user(2), bytes: 1, at: Self.at(1)) == [])
        #expect(plan.asked(1002, by: .user(3), bytes: 1, at: Self.at(1)) == [])
        var sent: [Int] = []
        var running = 1
        for _ in 0..<5 {
            for case .send(_, let check) in plan.reported(slot: 0, check: running, peakBytes: 0, at: Self.at(2)) {
                running = check
                sent.append(check)
            }
        }
        #expect(sent == [2, 1001, 1002, 3, 4])
    }

    @Test func whoWaitsTooLongIsToldInWhateverOrderTheTurnsAre() {
        var plan = Self.plan(1, waiting: 8)
        _ = plan.asked(1, by: .user(1), bytes: 0, at: Self.at(0))
        _ = plan.asked(2, by: .user(1), bytes: 7, at: Self.at(1))
        _ = plan.asked(3, by: .user(1), bytes: 5, at: Self.at(2))
        _ = plan.asked(4, by: .user(2), bytes: 3, at: Self.at(3))
        _ = plan.reported(slot: 0, check: 1, peakBytes: 0, at: Self.at(4))
        // Shorter from now on: what comes later may have to leave earlier.
        plan.limitsChanged(
            to: .init(processes: 1, waiting: 8, waitingBytes: 100, patience: .seconds(2), served: 9, memory: 1000))
        _ = plan.asked(5, by: .user(2), bytes: 1, at: Self.at(5))
        #expect(plan.deadline == Self.at(7))
        #expect(plan.timePassed(at: Self.at(7)) == [.fail(check: 5, .busy)])
        #expect(plan.deadline == Self.at(12) && plan.queuedBytes == 8)
        #expect(plan.timePassed(at: Self.at(13)) == [.fail(check: 3, .busy), .fail(check: 4, .busy)])
        #expect(plan.queued == 0 && plan.queuedBytes == 0 && plan.deadline == Self.at(14))
    }

    /// Whatever happens in whatever order: each check is told one thing exactly, what waits is counted exactly, and nothing
    /// traps.
    @Test func everyCheckIsToldOneThing() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        var plan = Self.plan(3, waiting: 4, bytes: 50, served: 4)
        var told: [Int: Int] = [:]
        var sent: [Int: Int] = [:]
        var gone: Set<Int> = []
        var alive: Set<Int> = []
        var waiting: [Int: Int] = [:]
        var last = 0
        for step in 0..<20_000 {
            let now = Self.at(Double(step))
            let slot = alive.randomElement(using: &random)
            let actions: [CheckPlan.Action]
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2:
                last += 1
                let bytes = random.below(30)
                waiting[last] = bytes
                actions = plan.asked(last, by: .user(UInt32(random.below(4))), bytes: bytes, at: now)
            case 3:
                let check = Int.random(in: max(0, last - 8)...last, using: &random)
                gone.insert(check)
                waiting[check] = nil
                actions = plan.cancelled(check)
            case 4:
                guard let slot, let check = sent[slot] else { continue }
                actions = plan.reported(
                    slot: slot, check: check, peakBytes: Int.random(in: 0..<1100, using: &random), at: now)
            case 5:
                guard let slot else { continue }
                alive.remove(slot)
                sent[slot] = nil
                actions = plan.ended(slot: slot, .ended(.signaled(9)), at: now)
            case 6: actions = plan.timePassed(at: now)
            default:
                guard let slot else { continue }
                actions = plan.malformed(slot: slot, "x", at: now)
            }
            for action in actions {
                switch action {
                case .launch(let slot): #expect(alive.insert(slot).inserted, "seed \(seed)")
                case .send(let slot, let check):
                    #expect(waiting.removeValue(forKey: check) != nil, "check \(check), seed \(seed)")
                    sent[slot] = check
                case .answer(let check), .fail(let check, _):
                    waiting[check] = nil
                    told[check, default: 0] += 1
                case .retire, .kill: break
                }
            }
            try #require(
                plan.queued == waiting.count && plan.queuedBytes == waiting.values.reduce(0, +),
                "step \(step), seed \(seed)")
        }
        for action in plan.closed() { if case .fail(let check, _) = action { told[check, default: 0] += 1 } }
        for check in 1...last where !gone.contains(check) { #expect(told[check] == 1, "check \(check), seed \(seed)") }
        #expect(gone.allSatisfy { told[$0, default: 0] <= 1 }, "seed \(seed)")
    }
}

extension CheckPlan {
    /// A client of its own wants a check.
    fileprivate mutating func asked(_ check: Int, bytes: Int, at now: MonotonicInstant) -> [Action] {
        asked(check, by: .user(UInt32(check)), bytes: bytes, at: now)
    }
}
