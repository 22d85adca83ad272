import Glibc
import HTTPTypes
import Reactor

/// One client's connection: does what its machine says. Everything here happens on the reactor.
///
/// Whatever comes (readiness, a deadline, an answer) ends in `advance()`, which goes on until nothing more can be done
/// and then sends what was written with one call.
// @unchecked: touched on the reactor's thread alone; tasks that hold it run there, too.
final class Connection: ReadinessHandler, @unchecked Sendable {
    /// A request under way or the fault that stands for one.
    struct Current {
        var id = RequestID(run: 0, number: 0)
        var number: UInt64 = 0
        var method: HTTPRequest.Method?
        var path: String?
        var version = HTTPVersion.http11
        var isHead = false
        var template: String?
        var began = MonotonicInstant(nanoseconds: 0)
        var framing = AnswerFraming.none
        var trailers: HTTPFields = [:]
    }

    /// How far a body was read.
    enum BodyReader {
        case none
        case length(remaining: Int)
        case chunked(ChunkedDecoder)
    }

    /// Kept until the last handler has ended, also when that is after the connection.
    let server: Server
    let descriptor: CInt
    let peer: Peer
    var registration: Registration?
    var machine = ConnectionMachine()

    /// Whether the kernel may have bytes (edge triggered: true until a read says otherwise).
    var readable = false
    /// Whether the client has closed its side, as epoll says; its last bytes may be unread.
    var peerClosing = false
    /// Bytes that were received and not used yet.
    var input: [UInt8] = []
    /// How many bytes of `input` are used up.
    var inputUsed = 0
    /// How many bytes of `input` were looked at for a head in vain.
    var inputTried = 0
    /// Whether `advance` is at work: what calls it from inside leaves the rest to it.
    var advancing = false
    /// Whether it goes on in the reactor's next turn anyway.
    private var goesOnLater = false

    /// Bytes that the kernel has not taken yet.
    var pending = OutputQueue()

    /// What the present request is made of, before its handler has it.
    var storage: RequestStorage?
    /// Whether the request of `storage` is answered.
    var storageIsDone = false
    var head = RequestHead()
    var route = 0
    var body = BodyReader.none
    /// Bytes of the present body that are kept, and that came at all.
    var bodyBytes = 0
    var bodyReceived = 0
    var current = Current()
    /// The task of the present handler or stream.
    var task: Task<Void, Never>?
    /// The write of a stream that waits for room.
    var writer: CheckedContinuation<Result<Void, ResponseWriterError>, Never>?
    /// What the present request's answer waits for without a task.
    var held: (any HeldAnswer)?

    var timer: (token: TimerToken, at: MonotonicInstant)?
    var cancelTimer: TimerToken?
    var phaseBegan: MonotonicInstant
    /// Since when bytes wait for the client or, when it is slow, since when its pace is looked at; and how many it took.
    var sendWindowBegan: MonotonicInstant
    var sentInWindow = 0
    var served = false

    init(server: Server, descriptor: CInt, peer: Peer) {
        self.server = server
        self.descriptor = descriptor
        self.peer = peer
        phaseBegan = server.reactor.now
        sendWindowBegan = server.reactor.now
    }

    // MARK: What comes

    func ready(_ readiness: Readiness) {
        if readiness.isBroken {
            return perform(machine.broke())
        }
        if readiness.isReadable { readable = true }
        if readiness.isPeerClosed {
            readable = true
            peerClosing = true
            perform(machine.peerClosing())
        }
        advance()
    }

    /// Goes on with what is there until nothing is left to do. Bytes of one client are read in slices, so that a fast
    /// one does not keep the others waiting.
    func advance() {
        guard !advancing, !machine.isClosed else { return }
        if server.isReceiving { return later() }
        advancing = true
        var reads = 0
        while !machine.isClosed {
            if unsent >= server.sendAt { flush() }
            if unsent <= server.configuration.limits.unsent, takeInput() { continue }
            // What it may read in this turn it has read, whatever else calls.
            if readable, !goesOnLater, machine.intake != .hold, unsent <= server.configuration.limits.unsent {
                let allowance = server.readBudget.allowance(in: server.reactor.now)
                guard reads == 0 || (reads < 4 && allowance > ReadBudget.least) else {
                    later()
                    break
                }
                reads += 1
                receive(atMost: allowance)
                continue
            }
            flush()
            guard !machine.isClosed, unsent == 0 else { break }
            let step = machine.outputDrained()
            if step == .proceed, unsent == 0, !canTakeInput { break }
            perform(step)
        }
        advancing = false
        guard !machine.isClosed else { return }
        if storageIsDone { releaseStorage() }
        resumeWriter()
        armDeadline()
        if machine.phase == .idle, unsent == 0 {
            server.becameIdle(self)
        } else {
            server.becameBusy(self)
        }
    }

    /// Goes on in the reactor's next turn.
    private func later() {
        guard !goesOnLater else { return }
        goesOnLater = true
        server.reactor.submit {
            self.goesOnLater = false
            self.advance()
        }
    }

    /// Does what the machine asks for.
    func perform(_ step: ConnectionMachine.Step) {
        switch step {
        case .proceed: break
        case .handle: dispatch()
        case .refuse(let fault): answerFault(fault)
        case .linger:
            SystemCall.shutdown(descriptor, how: CInt(SHUT_WR))
            phaseBegan = server.reactor.now
            readable = true
            dropInput()
        case .cancelSoon: cancelSoon()
        case .close: close()
        }
    }

    // MARK: The end

    /// Closes and lets go of everything. The machine is closed by then.
    private func close() {
        if let registration { server.reactor.deregister(registration) }
        registration = nil
        SystemCall.hangUp(descriptor)
        if let timer { server.reactor.cancel(timer.token) }
        timer = nil
        if let cancelTimer { server.reactor.cancel(cancelTimer) }
        cancelTimer = nil
        server.takeBackScratch(from: self)
        dropInput()
        pending = OutputQueue()
        releaseStorage()
        let waiting = writer
        writer = nil
        waiting?.resume(returning: .failure(.connectionClosed))
        let running = task
        task = nil
        running?.cancel()
        let waitingAnswer = held
        held = nil
        waitingAnswer?.gone()
        server.ended(self)
    }

    /// The client has closed its side: it may only have no more to ask, or be gone. A GET or HEAD that is not answered in
    /// a while is cancelled, and what its route says; other methods have effects that nobody wants cut off in the middle.
    private func cancelSoon() {
        guard cancelTimer == nil, let method = current.method else { return }
        let endsWithClient = current.template != nil && server.router.routes[route].endsWithClient
        guard method == .get || method == .head || endsWithClient else { return }
        let number = current.number
        cancelTimer = server.reactor.schedule(after: server.configuration.timeouts.halfClosed) { [weak self] in
            guard let self else { return }
            cancelTimer = nil
            guard machine.phase == .answering, current.number == number else { return }
            if held != nil { return giveUp() }
            task?.cancel()
        }
    }
}
