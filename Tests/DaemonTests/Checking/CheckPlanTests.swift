import Daemon
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

    /// Whatever happens in whatever order: each check is told one thing exactly, and nothing traps.
    @Test func everyCheckIsToldOneThing() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        var plan = Self.plan(3, waiting: 4, bytes: 50, served: 4)
        var told: [Int: Int] = [:]
        var sent: [Int: Int] = [:]
        var gone: Set<Int> = []
        var alive: Set<Int> = []
        var last = 0
        for step in 0..<20_000 {
            let now = Self.at(Double(step))
            let slot = alive.randomElement(using: &random)
            let actions: [CheckPlan.Action]
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1, 2:
                last += 1
                actions = plan.asked(last, bytes: Int.random(in: 0..<30, using: &random), at: now)
            case 3:
                let check = Int.random(in: max(0, last - 8)...last, using: &random)
                gone.insert(check)
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
                case .send(let slot, let check): sent[slot] = check
                case .answer(let check), .fail(let check, _): told[check, default: 0] += 1
                case .retire, .kill: break
                }
            }
        }
        for action in plan.closed() { if case .fail(let check, _) = action { told[check, default: 0] += 1 } }
        for check in 1...last where !gone.contains(check) { #expect(told[check] == 1, "check \(check), seed \(seed)") }
        #expect(gone.allSatisfy { told[$0, default: 0] <= 1 }, "seed \(seed)")
    }
}
