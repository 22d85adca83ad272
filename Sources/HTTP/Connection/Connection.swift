import Glibc
import HTTPTypes
import Reactor
import Synchronization

/// One client's connection: does what its machine says, with a reader, a sender and timers of its own. Everything here
/// happens on the reactor.
///
/// Whatever comes (readiness, a deadline, an answer) ends in `advance()`, which goes on until nothing more can be done
/// and then sends what was written with one call.
// @unchecked: touched on the reactor's thread alone; tasks that hold it run there, too.
final class Connection: ReadinessHandler, @unchecked Sendable {
    /// A request under way, or the error that is answered where no request could be read.
    struct Current {
        /// Its number is 0 where there is none.
        var id = RequestID(run: 0, number: 0)
        var method: HTTPRequest.Method?
        var path: String?
        var version = HTTPVersion.http11
        var isHead = false
        /// Once one was found.
        var route: Route?
        /// What it was let in by, and whether that no longer holds.
        var bearer: String?
        var isTakenBack = false
        var began = MonotonicInstant(nanoseconds: 0)
        var framing = AnswerFraming.none
        /// Hardly any answer has some.
        var trailers: HTTPFields?
        /// What an access log is told, where there is one.
        var principal: String?
        var line: AnsweredRequest.Line?
        var status: Int?
        var bodyBytes = 0

        var number: UInt64 { id.number }
    }

    /// What the present request's answer waits for.
    enum Work {
        case none
        /// The task of its handler or stream.
        case task(Task<Void, Never>)
        /// An answer that comes later, without a task.
        case held(any HeldAnswer)
    }

    /// Kept until the last handler has ended, also when that is after the connection.
    let shard: ServerShard
    let descriptor: CInt
    let peer: Peer
    var registration: Registration?

    // Nothing that these values call comes back to this connection, so that no access to one overlaps another to the same:
    // checks of that at run time would take a twentieth of a request's time.
    @exclusivity(unchecked) var machine = ConnectionMachine()
    @exclusivity(unchecked) var reader: RequestReader
    @exclusivity(unchecked) var sender: Sender
    @exclusivity(unchecked) var timers: ConnectionTimers
    @exclusivity(unchecked) var current = Current()
    @exclusivity(unchecked) var work = Work.none

    /// Whether the kernel may have bytes (edge triggered: true until a read says otherwise).
    @exclusivity(unchecked) var readable = false
    /// Whether the client has closed its side, as epoll says; its last bytes may be unread.
    @exclusivity(unchecked) var peerClosing = false
    /// Whether `advance` is at work: what calls it from inside leaves the rest to it.
    @exclusivity(unchecked) private var advancing = false
    /// Whether it goes on in the reactor's next turn anyway.
    @exclusivity(unchecked) private var goesOnLater = false

    init(shard: ServerShard, descriptor: CInt, peer: Peer) {
        self.shard = shard
        self.descriptor = descriptor
        self.peer = peer
        let now = shard.reactor.now
        reader = RequestReader(parser: shard.parser, pool: shard.pool)
        sender = Sender(descriptor, scratch: shard.scratch, calls: shard.calls, now: now)
        timers = ConnectionTimers(now)
    }

    // MARK: What comes

    func ready(_ readiness: Readiness) {
        if readiness.isBroken { return giveUp() }
        if readiness.isReadable { readable = true }
        if readiness.isPeerClosed {
            readable = true
            peerClosing = true
            if machine.peerClosing() == .cancelSoon { cancelSoon() }
        }
        advance()
    }

    /// Goes on with what is there until nothing is left to do. Bytes of one client are read in slices, so that a fast
    /// one does not keep the others waiting.
    func advance() {
        guard !advancing, !machine.isClosed else { return }
        if shard.isReceiving { return later() }
        advancing = true
        var reads = 0
        working: while !machine.isClosed {
            if sender.unsent >= shard.sendAt { flush() }
            if sender.unsent <= shard.configuration.limits.unsent, takeInput() { continue }
            // What it may read in this turn it has read, whatever else calls.
            if readable, !goesOnLater, machine.intake != .hold, sender.unsent <= shard.configuration.limits.unsent {
                let allowance = shard.readBudget.allowance(in: shard.reactor.now)
                guard reads == 0 || (reads < 4 && allowance > ReadBudget.least) else {
                    later()
                    break
                }
                reads += 1
                receive(atMost: allowance)
                continue
            }
            flush()
            guard !machine.isClosed, sender.unsent == 0 else { break }
            switch machine.outputDrained() {
            case .goOn: if !canTakeInput { break working }
            case .linger: linger()
            case .close: close()
            }
        }
        advancing = false
        guard !machine.isClosed else { return }
        reader.releaseAnswered()
        resumeWriter()
        armDeadline()
        if machine.isIdle, sender.unsent == 0 {
            shard.becameIdle(self)
        } else {
            shard.becameBusy(self)
        }
    }

    /// Goes on in the reactor's next turn.
    private func later() {
        guard !goesOnLater else { return }
        goesOnLater = true
        shard.reactor.submit {
            self.goesOnLater = false
            self.advance()
        }
    }

    /// Sends what is written, as far as the kernel takes it.
    func flush() {
        do throws(SystemError) {
            try sender.flush()
        } catch {
            giveUp()
        }
    }

    /// Serves no further request.
    func drain() {
        machine.drain()
        advance()
    }

    // MARK: Time

    /// The moment at which what is under way has taken too long; nil when it may take any time.
    private var deadline: MonotonicInstant? {
        timers.deadline(
            machine.timeLimit, unsent: sender.unsent > 0, pace: sender.pace, bodyReceived: reader.bodyReceived,
            shard.configuration.timeouts)
    }

    /// Sees to it that the deadline is looked at in time.
    func armDeadline() {
        guard let deadline, timers.mustArm(deadline) else { return }
        // Not weak, which would cost each connection a side table: `close` takes the deadline back.
        timers.arm(deadline, on: shard.reactor) { self.deadlineCameUp() }
    }

    private func deadlineCameUp() {
        timers.cameUp()
        guard let deadline else { return }
        if deadline <= shard.reactor.now { deadlinePassed() }
        guard !machine.isClosed else { return }
        advance()
        armDeadline()
    }

    private func deadlinePassed() {
        let unsent = sender.unsent > 0
        if unsent, sender.pace.isEnough(shard.configuration.timeouts) {
            return sender.beginWindow(shard.reactor.now)
        }
        if unsent { shard.configuration.figures.slowReaders.add(1, ordering: .relaxed) }
        switch machine.deadlinePassed(unsent: unsent) {
        case .answer(let error): answer(error)
        case .close: close()
        }
    }

    // MARK: The end

    /// Breaks the connection off: it is broken, or its answer cannot be completed.
    func giveUp() {
        if machine.broke() == .close { close() }
    }

    /// Says that no more comes from here, and throws away what comes from there.
    private func linger() {
        SystemCall.shutdown(descriptor, how: CInt(SHUT_WR))
        timers.begin(shard.reactor.now)
        readable = true
        reader.received.drop()
    }

    /// Closes and lets go of everything. The machine is closed by then.
    func close() {
        if let registration { shard.reactor.deregister(registration) }
        registration = nil
        SystemCall.hangUp(descriptor)
        timers.stop(on: shard.reactor)
        reader.received.drop()
        reader.release()
        sender.close()
        if current.number != 0 { tellFinished(isWhole: false) }
        let left = work
        work = .none
        switch left {
        case .none: break
        case .task(let task): task.cancel()
        case .held(let answer): answer.gone()
        }
        shard.ended(self)
    }

    /// The client has closed its side: it may only have no more to ask, or be gone. A GET or HEAD that is not answered in
    /// a while is cancelled, and what its route says; other methods have effects that nobody wants cut off in the middle.
    func cancelSoon() {
        guard !timers.isCancelling, let method = current.method else { return }
        guard method == .get || method == .head || current.route?.endsWithClient == true else { return }
        let number = current.number
        timers.cancelSoon(after: shard.configuration.timeouts.halfClosed, on: shard.reactor) { [weak self] in
            guard let self else { return }
            timers.keepHandler(on: shard.reactor)
            guard machine.isAnswering, current.number == number else { return }
            switch work {
            case .none: break
            case .task(let task): task.cancel()
            case .held: giveUp()
            }
        }
    }
}
