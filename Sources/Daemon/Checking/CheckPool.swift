package import HTTP
package import Logging
package import Reactor
package import WorkerProtocol

/// Checks specifications in processes of their own, a few at once: does what ``CheckPlan`` says.
// @unchecked: touched on the reactor's thread alone, which every entry asserts.
package final class CheckPool: SpecificationChecker, @unchecked Sendable {
    private typealias Answer = CheckedContinuation<Result<CheckReport.Finding, CheckFailure>, Never>

    private struct Asked {
        var request: CheckRequest
        var answer: Answer
    }

    private struct Process {
        var child: ChildProcess
        var channel: FrameChannel<CheckReportReader>
        var killedForMemory: Int
    }

    private let reactor: EventLoop
    private let program: WorkerProgram
    private let configuration: LiveConfiguration
    private let log: Logger
    private let jobsFolder: String?
    private var plan: CheckPlan
    private var processes: [Int: Process] = [:]
    private var asked: [Int: Asked] = [:]
    /// What a process has reported and is about to be told.
    private var findings: [Int: CheckReport.Finding] = [:]
    private var lastNumber = 0
    private var alarm: (token: TimerToken, deadline: MonotonicInstant)?

    /// Bytes of the longest part of a report: a specification has 64 MiB at most, and a plan of the largest model less.
    private static let reportBytes = 72 << 20

    /// No process runs yet: the first check starts one.
    /// - Parameters:
    ///   - program: What check processes run.
    ///   - jobsFolder: The absolute path of the folder that all jobs' folders lie in; nil, the default: no job can be named.
    package init(
        reactor: EventLoop, program: WorkerProgram, configuration: LiveConfiguration, jobsFolder: String? = nil,
        log: Logger
    ) {
        self.jobsFolder = jobsFolder
        self.reactor = reactor
        self.program = program
        self.configuration = configuration
        self.log = log
        plan = CheckPlan(limits: .init(configuration.current))
    }

    /// How many checks run and wait, for `GET /metrics`. On the reactor.
    package var figures: (running: Int, waiting: Int) { (plan.running, plan.queued) }

    /// On the reactor.
    package func check(
        _ body: [UInt8], of client: ClientKey, isDryRun: Bool
    ) async throws(CheckFailure) -> CheckReport.Finding {
        reactor.assertOnReactor()
        lastNumber += 1
        let number = lastNumber
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Answer) in
                if Task.isCancelled { return continuation.resume(returning: .failure(.cancelled)) }
                begin(number, body, client, isDryRun: isDryRun, continuation)
            }
        } onCancel: {
            // In the next turn: by then the check has begun.
            reactor.submit { [self] in cancel(number) }
        }
        return try result.get()
    }

    /// Ends all checks and all processes: nothing more is checked. On the reactor.
    package func close() {
        reactor.assertOnReactor()
        perform(plan.closed())
    }

    // MARK: Inputs

    private func begin(
        _ number: Int, _ body: [UInt8], _ client: ClientKey, isDryRun: Bool, _ answer: Answer
    ) {
        let current = configuration.current
        let request = CheckRequest(
            number: number, body: body, dataRoots: current.dataRoots, isDryRun: isDryRun,
            limits: .init(
                processorSeconds: max(1, Int(current.checkTimeout.rounded(.up))), memoryBytes: current.checkMemoryBytes,
                specificationBytes: current.maxSpecBytes),
            worker: .init(
                threads: current.threadsPerWorker, memoryBytes: current.workerMemoryBytes, jobsFolder: jobsFolder,
                programs: current.programs.keys.sorted()))
        asked[number] = Asked(request: request, answer: answer)
        plan.limitsChanged(to: .init(current))
        perform(plan.asked(number, by: client, bytes: body.count, at: reactor.now))
    }

    private func cancel(_ number: Int) {
        guard let asked = asked.removeValue(forKey: number) else { return }
        asked.answer.resume(returning: .failure(.cancelled))
        perform(plan.cancelled(number))
    }

    private func received(_ slot: Int, _ event: FrameChannel<CheckReportReader>.Event) {
        switch event {
        case .frame(let report):
            findings[report.number] = report.finding
            perform(
                plan.reported(slot: slot, check: report.number, peakBytes: report.peakBytes, at: reactor.now))
            findings[report.number] = nil
        case .malformed(let detail): perform(plan.malformed(slot: slot, detail, at: reactor.now))
        }
    }

    private func ended(_ slot: Int, _ process: Process, _ exit: ChildExit, _ kills: Int) {
        process.channel.drainAndClose()
        processes[slot] = nil
        perform(
            plan.ended(
                slot: slot, CheckFailure(exit, wasKilledForMemory: kills > process.killedForMemory), at: reactor.now))
    }

    // MARK: Effects

    private func perform(_ actions: [CheckPlan.Action]) {
        for action in actions {
            switch action {
            case .launch(let slot): launch(slot)
            case .send(let slot, let check):
                guard let request = asked[check]?.request, let channel = processes[slot]?.channel else { continue }
                for piece in request.pieces { channel.send(piece) }
            case .answer(let check):
                guard let finding = findings[check] else { continue }
                asked.removeValue(forKey: check)?.answer.resume(returning: .success(finding))
            case .fail(let check, let failure):
                tell(failure)
                asked.removeValue(forKey: check)?.answer.resume(returning: .failure(failure))
            case .retire(let slot): processes[slot]?.channel.drainAndClose()
            case .kill(let slot): processes[slot]?.child.kill()
            }
        }
        setAlarm()
    }

    private func launch(_ slot: Int) {
        do throws(SystemError) {
            let launch = try CheckLaunch(program)
            let channel: FrameChannel<CheckReportReader>
            do throws(SystemError) {
                channel = try FrameChannel(
                    launch.daemonEnd, reader: CheckReportReader(limit: Self.reportBytes), reactor: reactor
                ) { [weak self] event in self?.received(slot, event) }
            } catch {
                SystemCall.close(launch.child.standardInput)
                SystemCall.close(launch.child.standardOutput)
                throw error
            }
            let process = Process(
                child: ChildProcess(launch.child) { _ in }, channel: channel, killedForMemory: launch.killedForMemory)
            processes[slot] = process
            Task(executorPreference: reactor) { [self] in
                let exit = await process.child.exit
                let kills = exit == .signaled(9) ? MemoryKills.count() : 0
                ended(slot, process, exit, kills)
            }
        } catch {
            // In the next turn: the check that it is for has yet to be given to it.
            let failure = CheckFailure(notStarted: error)
            reactor.submit { [self] in perform(plan.ended(slot: slot, failure, at: reactor.now)) }
        }
    }

    /// Says in the daemon's log why a check has no finding, unless that is the client's doing.
    private func tell(_ failure: CheckFailure) {
        switch failure {
        case .busy, .clientBusy, .closing, .cancelled: return
        case .tooSlow, .tooMuchTime, .tooMuchMemory, .ended, .malformed, .shortage, .notStarted:
            log.warning("a specification could not be checked: \(failure)")
        }
    }

    private func setAlarm() {
        guard let deadline = plan.deadline else { return }
        if let alarm {
            if alarm.deadline <= deadline { return }
            reactor.cancel(alarm.token)
        }
        let token = reactor.schedule(at: deadline) { [self] in
            alarm = nil
            perform(plan.timePassed(at: reactor.now))
        }
        alarm = (token, deadline)
    }
}

extension CheckPlan.Limits {
    /// What the configuration allows.
    init(_ configuration: Configuration) {
        self.init(processes: configuration.checkers, patience: .seconds(configuration.checkTimeout))
    }
}
