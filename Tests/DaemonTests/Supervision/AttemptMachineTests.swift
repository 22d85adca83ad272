import Daemon
import Formats
import Glibc
import Jobs
import Reactor
import Testing
import WorkerProtocol

@Suite struct AttemptMachineTests {
    /// One thing that happens, `seconds` after the launch.
    enum Input: Sendable {
        case spawned, exit(ChildExit), exitAsMemoryWasUsedUp, exitPastLimit, malformed, stop(StopIntent), checkpoint,
            profile,
            time, late
        case frame(WorkerReport), staleFrame(WorkerReport)
    }

    static let ok = OutcomeReport(outcome: .succeeded, endStep: 9)

    /// Scripts: what happens at which second, the actions other than nothing, and how it ends.
    static let scripts: [(String, [(Int, Input)], actions: [String], AttemptOutcome?, ranStep: Bool)] = [
        (
            "an undisturbed run",
            [
                (0, .spawned), (1, .frame(.started(startStep: 0, targetStep: 9))),
                (2, .frame(.progress(.init(globalStep: 9, targetStep: 9)))), (3, .frame(.outcome(ok))),
                (3, .exit(.exited(0))),
            ], ["start", "take", "take", "finish"], .succeeded, true
        ),
        (
            "a crash before the first step", [(0, .spawned), (1, .exit(.signaled(4)))], ["start", "finish"], .crashed,
            false
        ),
        ("an exit without a word", [(0, .spawned), (1, .exit(.exited(0)))], ["start", "finish"], .crashed, false),
        (
            "no process at all", [(0, .exit(.notStarted(SystemError(call: "open", code: ENOENT))))], ["finish"],
            .interrupted, false
        ),
        ("killed from outside", [(0, .spawned), (1, .exit(.signaled(9)))], ["start", "finish"], .interrupted, false),
        (
            "terminated from outside", [(0, .spawned), (1, .exit(.signaled(15)))], ["start", "finish"], .interrupted,
            false
        ),
        (
            "killed by the kernel", [(0, .spawned), (1, .exitAsMemoryWasUsedUp)], ["start", "finish"], .outOfMemory,
            false
        ),
        ("past its memory limit", [(0, .spawned), (1, .exitPastLimit)], ["start", "finish"], .outOfMemory, false),
        (
            "hung before it started", [(0, .spawned), (9, .time), (10, .time), (10, .exit(.signaled(9)))],
            ["start", "kill", "finish"], .stalled, false
        ),
        (
            "a heartbeat moves the deadline",
            [
                (0, .spawned), (6, .frame(.heartbeat(workSeconds: 1))), (10, .time), (16, .time),
                (16, .exit(.signaled(9))),
            ],
            ["start", "kill", "finish"], .stalled, false
        ),
        (
            "heartbeats without work",
            [
                (0, .spawned), (9, .frame(.heartbeat(workSeconds: 2))), (18, .frame(.heartbeat(workSeconds: 2.009))),
                (27, .frame(.heartbeat(workSeconds: 2.009))), (36, .frame(.heartbeat(workSeconds: 2.009))), (38, .time),
                (39, .time), (39, .exit(.signaled(9))),
            ],
            ["start", "kill", "finish"], .stalled, false
        ),
        (
            "work or a word moves the end of a hang",
            [
                (0, .spawned), (9, .frame(.heartbeat(workSeconds: 2))), (18, .frame(.heartbeat(workSeconds: 2.02))),
                (27, .frame(.log(bytes: 1))), (36, .frame(.heartbeat(workSeconds: 2.02))),
                (45, .frame(.heartbeat(workSeconds: 2.02))), (54, .frame(.heartbeat(workSeconds: 2.02))), (56, .time),
                (57, .time), (57, .exit(.signaled(9))),
            ],
            ["start", "take", "kill", "finish"], .stalled, false
        ),
        (
            "a daemon that stood still kills nobody",
            [(0, .spawned), (100, .late), (109, .time), (110, .time), (110, .exit(.signaled(9)))],
            ["start", "kill", "finish"], .stalled, false
        ),
        (
            "what came while the daemon stood still is heard first",
            [
                (0, .spawned), (100, .frame(.started(startStep: 0, targetStep: 9))), (100, .late),
                (101, .frame(.outcome(ok))), (101, .exit(.exited(0))),
            ],
            ["start", "take", "finish"], .succeeded, true
        ),
        (
            "a worker that is stopping gets its time anew when the daemon stood still",
            [(0, .spawned), (1, .stop(.cancel)), (60, .late), (64, .time), (65, .time), (65, .exit(.signaled(9)))],
            ["start", "stop CANCEL", "kill", "finish"], .cancelled, false
        ),
        (
            "so does one that is leaving",
            [
                (0, .spawned), (1, .frame(.outcome(ok))), (60, .late), (64, .time), (65, .time),
                (65, .exit(.signaled(9))),
            ],
            ["start", "kill", "finish"], .succeeded, true
        ),
        (
            "a frame of another epoch counts for nothing",
            [
                (0, .spawned), (6, .staleFrame(.heartbeat(workSeconds: 1))), (7, .staleFrame(.outcome(ok))),
                (10, .time), (10, .exit(.signaled(9))),
            ],
            ["start", "refuse", "refuse", "kill", "finish"], .stalled, false
        ),
        (
            "bytes that are not a frame", [(0, .spawned), (1, .malformed), (1, .exit(.signaled(9)))],
            ["start", "kill", "finish"], .crashed, false
        ),
        (
            "cancelled in time",
            [
                (0, .spawned), (1, .stop(.cancel)), (2, .frame(.outcome(.init(outcome: .cancelled)))),
                (2, .exit(.exited(0))),
            ],
            ["start", "stop CANCEL", "finish"], .cancelled, false
        ),
        (
            "cancelled and too slow",
            [
                (0, .spawned), (1, .stop(.cancel)), (5, .frame(.heartbeat(workSeconds: 1))), (5, .time), (6, .time),
                (6, .exit(.signaled(9))),
            ],
            ["start", "stop CANCEL", "kill", "finish"], .cancelled, false
        ),
        (
            "a second stop request gets no new time",
            [(0, .spawned), (1, .stop(.drain)), (5, .stop(.cancel)), (6, .time), (6, .exit(.signaled(9)))],
            ["start", "stop DRAIN", "stop CANCEL", "kill", "finish"], .cancelled, false
        ),
        (
            "a weaker stop request changes nothing",
            [(0, .spawned), (1, .stop(.cancel)), (2, .stop(.drain)), (3, .exit(.exited(1)))],
            ["start", "stop CANCEL", "finish"], .crashed, false
        ),
        (
            "killed by its owner", [(0, .spawned), (1, .stop(.kill)), (1, .exit(.signaled(9)))],
            ["start", "kill", "finish"], .cancelled, false
        ),
        (
            "cancelled before it was there", [(0, .stop(.cancel)), (1, .spawned), (1, .exit(.signaled(9)))],
            ["kill", "finish"], .cancelled, false
        ),
        (
            "nonsense before it was known to be there", [(0, .malformed), (1, .spawned), (1, .exit(.signaled(9)))],
            ["kill", "finish"], .crashed, false
        ),
        (
            "an outcome, but no exit",
            [(0, .spawned), (1, .frame(.outcome(ok))), (6, .time), (6, .exit(.signaled(9)))],
            ["start", "kill", "finish"], .succeeded, true
        ),
        (
            "frames after the outcome",
            [(0, .spawned), (1, .frame(.outcome(ok))), (1, .frame(.log(bytes: 1))), (1, .exit(.exited(0)))],
            ["start", "refuse", "finish"], .succeeded, true
        ),
        ("a checkpoint is asked for too early", [(0, .spawned), (1, .checkpoint)], ["start"], nil, false),
        (
            "a checkpoint is asked for",
            [(0, .spawned), (1, .frame(.started(startStep: 0, targetStep: 9))), (1, .checkpoint)],
            ["start", "take", "checkpoint"], nil, false
        ),
        ("a profile is asked for too early", [(0, .spawned), (1, .profile)], ["start"], nil, false),
        (
            "a profile is asked for",
            [(0, .spawned), (1, .frame(.started(startStep: 0, targetStep: 9))), (1, .profile)],
            ["start", "take", "profile 6"], nil, false
        ),
        (
            "a resumed attempt that did no step",
            [
                (0, .spawned), (1, .frame(.started(startStep: 9, targetStep: 9))),
                (1, .frame(.outcome(ok))), (2, .exit(.exited(0))),
            ], ["start", "take", "finish"], .succeeded, false
        ),
        (
            "the end is told once", [(0, .exit(.exited(0))), (1, .exit(.exited(0))), (2, .time)], ["finish"], .crashed,
            false
        ),
    ]

    @Test(arguments: scripts.indices) func script(index: Int) {
        let (name, script, actions, outcome, ranStep) = Self.scripts[index]
        let origin = MonotonicInstant(nanoseconds: 1_000)
        var machine = AttemptMachine(
            epoch: 1, limits: .init(stall: .seconds(10), hang: .seconds(30), stop: .seconds(5)),
            now: origin)
        var taken: [String] = []
        var verdict: AttemptVerdict?
        for (second, input) in script {
            let now = origin + .seconds(second)
            let action: AttemptMachine.Action =
                switch input {
                case .spawned: machine.spawned(at: now)
                case .exit(let exit): machine.ended(exit, shortage: nil)
                case .exitAsMemoryWasUsedUp: machine.ended(.signaled(9), shortage: .machine)
                case .exitPastLimit: machine.ended(.signaled(6), shortage: .limit)
                case .malformed: machine.malformed("rubbish")
                case .stop(let intent): machine.asked(toStop: intent, at: now)
                case .checkpoint: machine.askedForCheckpoint()
                case .profile: machine.askedForProfile(steps: 6)
                case .time: machine.timePassed(at: now)
                case .late: lateTime(&machine, now)
                case .frame(let report): machine.received(WorkerFrame(epoch: 1, report: report), at: now)
                case .staleFrame(let report): machine.received(WorkerFrame(epoch: 2, report: report), at: now)
                }
            switch action {
            case .nothing: break
            case .start: taken.append("start")
            case .send(.start): taken.append("another assignment")
            case .send(.stop(let intent)): taken.append("stop \(intent.rawValue)")
            case .send(.checkpoint): taken.append("checkpoint")
            case .send(.profile(let steps)): taken.append("profile \(steps)")
            case .kill: taken.append("kill")
            case .take: taken.append("take")
            case .refuse: taken.append("refuse")
            case .finish(let end):
                taken.append("finish")
                verdict = end
            }
        }
        #expect(taken == actions, "\(name)")
        #expect(verdict?.report.outcome == outcome, "\(name)")
        #expect(verdict?.ranStep ?? false == ranStep, "\(name)")
    }

    private func lateTime(_ machine: inout AttemptMachine, _ now: MonotonicInstant) -> AttemptMachine.Action {
        machine.stoodStill(until: now)
        return machine.timePassed(at: now)
    }

    @Test(arguments: [(ENOSPC, MachineCondition.diskFull), (EIO, .ioError), (EMFILE, .resources), (EAGAIN, .resources)])
    func whatKeepsAWorkerFromStartingIsTold(_ code: Int32, _ condition: MachineCondition) {
        var machine = AttemptMachine(
            epoch: 1, limits: .init(stall: .seconds(10), hang: .seconds(30), stop: .seconds(5)),
            now: MonotonicInstant(nanoseconds: 1))
        guard case .finish(let verdict) = machine.ended(.notStarted(SystemError(call: "open", code: code))) else {
            Issue.record("no end")
            return
        }
        #expect(verdict.report.failure?.code == condition.rawValue)
    }

    @Test func stepsOfAnySizeTrapNothing() {
        let now = MonotonicInstant(nanoseconds: .max - 1)
        var machine = AttemptMachine(
            epoch: 1, limits: .init(stall: .seconds(10), hang: .seconds(30), stop: .seconds(5)), now: now)
        _ = machine.spawned(at: now)
        for step in [Int.max, 0, Int.min, Int.max - 1] {
            _ = machine.received(WorkerFrame(epoch: 1, report: .started(startStep: step, targetStep: .max)), at: now)
            _ = machine.received(
                WorkerFrame(epoch: 1, report: .progress(.init(globalStep: step, targetStep: step))), at: now)
            _ = machine.received(
                WorkerFrame(epoch: 1, report: .heartbeat(workSeconds: .greatestFiniteMagnitude)), at: now)
            _ = machine.timePassed(at: now)
        }
        guard case .finish(let verdict) = machine.ended(.signaled(6)) else {
            Issue.record("no end")
            return
        }
        #expect(verdict.report.endStep == .max - 1)
    }

    @Test func aDaemonIsLateAfterASecondOrAQuarterOfTheWindow() {
        #expect(AttemptMachine.Limits(stall: .seconds(60), hang: .seconds(1), stop: .zero).lateness == .seconds(1))
        #expect(
            AttemptMachine.Limits(stall: .milliseconds(400), hang: .seconds(1), stop: .zero).lateness
                == .milliseconds(100))
    }

    @Test func onlyADrainIsTheDaemonsEnd() {
        for intent in StopIntent.allCases {
            let origin = MonotonicInstant(nanoseconds: 1)
            var machine = AttemptMachine(
                epoch: 1, limits: .init(stall: .seconds(10), hang: .seconds(30), stop: .seconds(5)),
                now: origin)
            _ = machine.spawned(at: origin)
            _ = machine.asked(toStop: intent, at: origin)
            guard case .finish(let verdict) = machine.ended(.exited(0), shortage: nil) else {
                Issue.record("no end")
                continue
            }
            #expect(verdict.byDaemonsEnd == (intent == .drain))
        }
    }
}
