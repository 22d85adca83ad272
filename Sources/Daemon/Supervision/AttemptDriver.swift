import Glibc
package import Jobs
package import Logging
package import Reactor
package import WorkerProtocol

/// Runs one attempt: does what ``AttemptMachine`` says, one input after another.
package final class AttemptDriver: Sendable {
    private enum Input: Sendable {
        case spawned(at: MonotonicInstant)
        case frame(WorkerFrame, at: MonotonicInstant)
        case malformed(String)
        case stop(StopIntent, at: MonotonicInstant)
        case checkpoint
        case profile(steps: Int)
        case limits(AttemptMachine.Limits)
        case time(at: MonotonicInstant, late: Duration)
        case exited(ChildExit, shortage: MemoryShortage?)
    }

    private let assignment: Assignment
    private let spec: String
    private let program: WorkerProgram
    private let limits: AttemptMachine.Limits
    private let reactor: EventLoop
    private let log: Logger
    private let inputs: AsyncStream<Input>
    private let post: AsyncStream<Input>.Continuation

    /// An attempt that does not run yet.
    /// - Parameters:
    ///   - assignment: What the worker is to do, without the specification.
    ///   - spec: The specification's text as it is stored.
    package init(
        _ assignment: Assignment, spec: String, program: WorkerProgram, limits: AttemptMachine.Limits,
        reactor: EventLoop, log: Logger
    ) {
        self.assignment = assignment
        self.spec = spec
        self.program = program
        self.limits = limits
        self.reactor = reactor
        self.log = log
        (inputs, post) = AsyncStream.makeStream()
    }

    /// Wants it to stop. From anywhere, at any time.
    package func stop(_ intent: StopIntent) { post.yield(.stop(intent, at: reactor.clock.now())) }

    /// Wants a checkpoint. From anywhere.
    package func checkpoint() { post.yield(.checkpoint) }

    /// Wants the next steps traced. From anywhere.
    package func profile(steps: Int) { post.yield(.profile(steps: steps)) }

    /// Other limits hold from now on. From anywhere.
    package func changeLimits(to limits: AttemptMachine.Limits) { post.yield(.limits(limits)) }

    /// Runs it to its end. To be called once, by a task on the reactor.
    /// - Parameter take: Gets what the worker reports, in order; the next frame is looked at when it returns.
    package func run(take: (WorkerReport) async -> Void) async -> AttemptVerdict {
        reactor.assertOnReactor()
        var machine = AttemptMachine(epoch: assignment.epoch, limits: limits, now: reactor.now)
        let process = await launch()
        var alarm: (token: TimerToken, deadline: MonotonicInstant)?
        for await input in inputs {
            let action: AttemptMachine.Action
            switch input {
            case .spawned(let now): action = machine.spawned(at: now)
            case .frame(let frame, let now): action = machine.received(frame, at: now)
            case .malformed(let detail): action = machine.malformed(detail)
            case .stop(let intent, let now): action = machine.asked(toStop: intent, at: now)
            case .checkpoint: action = machine.askedForCheckpoint()
            case .profile(let steps): action = machine.askedForProfile(steps: steps)
            case .limits(let limits):
                machine.limitsChanged(to: limits)
                action = .nothing
            case .time(let now, let late):
                alarm = nil
                if late > machine.limits.lateness { machine.stoodStill(until: now) }
                action = machine.timePassed(at: now)
            case .exited(let exit, let shortage): action = machine.ended(exit, shortage: shortage)
            }
            switch action {
            case .nothing: break
            case .start: process?.start()
            case .send(let frame): process?.channel.send(frame)
            case .kill: process?.child.kill()
            case .take(let report): await take(report)
            case .refuse(let why): log.warning("refused \(why)")
            case .finish(let verdict):
                if let alarm { reactor.cancel(alarm.token) }
                return verdict
            }
            setAlarm(&alarm, machine.deadline)
        }
        preconditionFailure("an attempt's inputs end with its exit, never before")
    }

    /// One alarm at a time. One that comes too early, as the deadline moved with every frame, only sets the next.
    private func setAlarm(
        _ alarm: inout (token: TimerToken, deadline: MonotonicInstant)?, _ deadline: MonotonicInstant?
    ) {
        guard let deadline else { return }
        if let set = alarm {
            if set.deadline <= deadline { return }
            reactor.cancel(set.token)
        }
        let token = reactor.schedule(at: deadline) { [post, reactor] in
            post.yield(.time(at: reactor.now, late: reactor.now.since(deadline)))
        }
        alarm = (token, deadline)
    }

    private struct Process {
        var child: ChildProcess
        var channel: WorkerChannel
        var assignment: [UInt8]

        func start() { channel.send(assignment) }
    }

    private func launch() async -> Process? {
        let launch: WorkerLaunch
        let frame: [UInt8]
        let channel: WorkerChannel
        do {
            (launch, frame) = try await DiskWork.run { [program, assignment, spec] in
                let launch = try WorkerLaunch.prepare(program: program, modelDirectory: assignment.modelDirectory)
                return (launch, FrameCodec.encode(assignment, spec: spec))
            }
        } catch {
            let error = error as? SystemError ?? SystemError(call: "launch", code: EAGAIN)
            post.yield(.exited(.notStarted(error), shortage: nil))
            return nil
        }
        do throws(SystemError) {
            channel = try WorkerChannel(launch.daemonEnd, reader: WorkerFrameReader(), reactor: reactor) {
                [post, reactor] event in
                switch event {
                case .frame(let frame): post.yield(.frame(frame, at: reactor.now))
                case .malformed(let detail): post.yield(.malformed(detail))
                }
            }
        } catch {
            SystemCall.close(launch.child.standardInput)
            SystemCall.close(launch.child.standardOutput)
            post.yield(.exited(.notStarted(error), shortage: nil))
            return nil
        }
        let child = ChildProcess(launch.child) { [post, reactor] _ in
            post.yield(.spawned(at: reactor.clock.now()))
        }
        Task(executorPreference: reactor) { [post] in
            let exit = await child.exit
            let shortage = try? await DiskWork.run { launch.shortage(after: exit) }
            // What the worker wrote before its end is still in the socket.
            channel.drainAndClose()
            post.yield(.exited(exit, shortage: shortage ?? nil))
        }
        return Process(child: child, channel: channel, assignment: frame)
    }
}
