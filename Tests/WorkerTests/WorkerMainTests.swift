import Formats
import Foundation
import Glibc
import Jobs
import Synchronization
import Testing
import Worker
import WorkerProtocol
import WorkerSupport

/// A worker's main over a real pair of sockets, with a runner that a test scripts.
@Suite struct WorkerMainTests {
    private struct Script: JobRunner {
        let body: @Sendable (Assignment, ReportSender, StopRequest) -> OutcomeReport

        func run(_ assignment: Assignment, sender: ReportSender, stop: StopRequest) -> OutcomeReport {
            body(assignment, sender, stop)
        }
    }

    private final class Ending: Sendable {
        let status = Mutex<WorkerMain.ExitStatus?>(nil)
        let abandoned = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
    }

    /// Runs a worker on a thread of its own.
    private func start(
        _ peer: WorkerPeer, log: Int32 = -1,
        _ body: @escaping @Sendable (Assignment, ReportSender, StopRequest) -> OutcomeReport
    ) -> Ending {
        let ending = Ending()
        Thread {
            let status = WorkerMain.run(socket: peer.workerEnd, log: log, runner: Script(body: body)) {
                ending.abandoned.signal()
            }
            ending.status.withLock { $0 = status }
            ending.done.signal()
        }.start()
        return ending
    }

    private static let assignment = Assignment(
        job: "01", attempt: 2, epoch: 7, spec: ["mode": "train"], modelDirectory: "/m", dataRoots: ["/a", "/b"],
        threads: 2, targetStep: nil, heartbeat: 0.5)

    @Test func anAssignmentRunsAndItsOutcomeIsSent() throws {
        let peer = try WorkerPeer()
        let pipe = Pipe()
        let ending = start(peer, log: pipe.fileHandleForWriting.fileDescriptor) { assignment, sender, _ in
            sender.report(.started(startStep: 0, targetStep: assignment.attempt))
            sender.say("INFO", "one\ntwo")
            return OutcomeReport(outcome: .succeeded, endStep: 9)
        }
        peer.send(.start(Self.assignment))
        let frames = try peer.frames()
        #expect(frames.allSatisfy { $0.epoch == 7 })
        #expect(frames.contains { $0.report == .started(startStep: 0, targetStep: 2) })
        #expect(frames.contains { if case .heartbeat = $0.report { true } else { false } })
        #expect(frames.last?.report == .outcome(OutcomeReport(outcome: .succeeded, endStep: 9)))
        ending.done.wait()
        #expect(ending.status.withLock { $0 } == .done)
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2 && lines[0].hasSuffix("Z INFO one") && lines[1].hasSuffix("Z INFO two"), "\(text)")
    }

    @Test func aHeartbeatCarriesWhatTheProcessHasWorked() throws {
        let peer = try WorkerPeer()
        let seen = DispatchSemaphore(value: 0)
        let ending = start(peer) { _, _, _ in
            var time = timespec()
            repeat { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) } while time.tv_sec == 0 && time.tv_nsec < 50_000_000
            seen.wait()
            return OutcomeReport(outcome: .succeeded)
        }
        var assignment = Self.assignment
        assignment.heartbeat = 0.02
        peer.send(.start(assignment))
        func work(_ frame: WorkerFrame) -> Double? {
            if case .heartbeat(let seconds) = frame.report { seconds } else { nil }
        }
        let first = try #require(try peer.frames { work($0) != nil }.last.flatMap(work))
        let later = try peer.frames { (work($0) ?? 0) >= first + 0.04 }
        #expect(later.compactMap(work).allSatisfy { $0 >= first })
        seen.signal()
        ending.done.wait()
    }

    @Test func aWishIsHandedOnAndAStrongerOneReplacesIt() throws {
        let peer = try WorkerPeer()
        let ending = start(peer) { _, sender, stop in
            let requests = Mutex<[StopIntent]>([])
            let told = DispatchSemaphore(value: 0)
            let checkpoint = DispatchSemaphore(value: 0)
            let profiled = Mutex(0)
            stop.listen(
                onStop: { intent in
                    requests.withLock { $0.append(intent) }
                    told.signal()
                }, onCheckpoint: { checkpoint.signal() }, onProfile: { steps in profiled.withLock { $0 = steps } })
            sender.report(.started(startStep: 0, targetStep: nil))
            checkpoint.wait()
            told.wait()
            told.wait()
            let all = requests.withLock { $0 }
            return OutcomeReport(
                outcome: all == [.drain, .cancel] && profiled.withLock { $0 } == 4 ? .cancelled : .crashed)
        }
        peer.send(.start(Self.assignment))
        _ = try peer.frames { if case .started = $0.report { true } else { false } }
        peer.send(.profile(steps: 4))
        peer.send(.checkpoint)
        for intent: StopIntent in [.drain, .drain, .cancel, .pause] { peer.send(.stop(intent)) }
        #expect(try peer.frames().last?.report == .outcome(OutcomeReport(outcome: .cancelled)))
        ending.done.wait()
    }

    @Test func theEndOfTheSocketEndsTheWorker() throws {
        let peer = try WorkerPeer()
        let goOn = DispatchSemaphore(value: 0)
        let ending = start(peer) { _, _, _ in
            goOn.wait()
            return OutcomeReport(outcome: .succeeded)
        }
        peer.send(.start(Self.assignment))
        close(peer.descriptor)
        ending.abandoned.wait()
        goOn.signal()
        ending.done.wait()
    }

    @Test(
        arguments: [[], [0, 0, 0, 2, 123, 125], [255, 255, 255, 255], Array("GET / HTTP/1.1\r\n".utf8)] as [[UInt8]])
    func whatIsNoAssignmentStartsNothing(bytes: [UInt8]) throws {
        let peer = try WorkerPeer()
        _ = Glibc.send(peer.descriptor, bytes, bytes.count, 0)
        shutdown(peer.descriptor, Int32(SHUT_WR))
        let ending = start(peer) { _, _, _ in OutcomeReport(outcome: .succeeded) }
        ending.done.wait()
        #expect(ending.status.withLock { $0 } == .abandoned)
    }

    @Test func aWishBeforeAnybodyListensIsNotLost() {
        let stop = StopRequest()
        stop.ask(.pause)
        stop.askForCheckpoint()
        let request = Mutex<StopIntent?>(nil)
        let checkpoints = Mutex(0)
        stop.listen(
            onStop: { intent in request.withLock { $0 = intent } }, onCheckpoint: { checkpoints.withLock { $0 += 1 } },
            onProfile: { _ in })
        #expect(request.withLock { $0 } == .pause)
        #expect(checkpoints.withLock { $0 } == 1)
        #expect(stop.intent == .pause)
    }
}
