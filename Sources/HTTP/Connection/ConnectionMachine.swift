/// A connection's life, without socket, clock or handler: one method for each thing that can happen, which returns what
/// to do about it (RFC 9112 section 9). What cannot happen, as whoever has the machine does what `intake` says, traps.
package struct ConnectionMachine: ~Copyable {
    /// What is under way.
    private enum Phase: Equatable {
        /// Between requests, or before the first.
        case idle
        /// A part of a head is there.
        case head
        /// A request's body is being read.
        case body
        /// The request is with its handler, or its answer is being written.
        case answering
        /// The answer is written; the rest of its request's body is thrown away, then comes the next request.
        case discarding
        /// The last answer is written and being sent. What still comes is thrown away if `lingers`.
        case flushing(lingers: Bool)
        /// All is sent and this side closed; what still comes is thrown away for a while, as closing with unread bytes
        /// would make the kernel take the answer back (RFC 9112 section 9.6).
        case lingering
        /// It is over.
        case closed
    }

    private var phase = Phase.idle
    private var persistent = true
    private var draining = false
    private var peerEnded = false
    private var discards = false

    /// A new connection: idle.
    package init() {}

    // MARK: What it says

    /// What to do with bytes from the client.
    package enum Intake: Equatable {
        /// Read a head.
        case head
        /// Read the body for the handler.
        case body
        /// Read the body for nobody.
        case discard
        /// Leave them where they are.
        case hold
        /// Throw them away.
        case drop
    }

    /// What bytes mean now.
    package var intake: Intake {
        switch phase {
        case .idle, .head: .head
        case .body: .body
        case .discarding: .discard
        case .answering, .flushing(lingers: false), .closed: .hold
        case .flushing(lingers: true), .lingering: .drop
        }
    }

    /// What may take only so long.
    package enum TimeLimit: Equatable {
        /// The wait for a request.
        case request
        /// The rest of a head.
        case head
        /// A body.
        case body
        /// The sending of the last answer.
        case send
        /// The reading of what nobody wants.
        case linger
    }

    /// What is limited in time now; nil when nothing is, or it is over.
    package var timeLimit: TimeLimit? {
        switch phase {
        case .idle: .request
        case .head: .head
        case .body, .discarding: .body
        case .answering, .closed: nil
        case .flushing: .send
        case .lingering: .linger
        }
    }

    /// Whether it waits for a request.
    package var isIdle: Bool { phase == .idle }

    /// Whether a part of a head is there.
    package var isInHead: Bool { phase == .head }

    /// Whether a request is with its handler, or its answer is being written.
    package var isAnswering: Bool { phase == .answering }

    /// Whether it is over.
    package var isClosed: Bool { phase == .closed }

    /// Whether the answer being written is the connection's last one and must say so.
    package var closesAfterAnswer: Bool { !persistent || draining }

    // MARK: Requests

    /// A part of a head is there, but not all of it.
    package mutating func headBegan() {
        precondition(intake == .head, "a head is read only between requests")
        phase = .head
    }

    /// What follows a head.
    package enum AfterHead: Equatable {
        /// Read the body.
        case readBody
        /// Give the request to its handler.
        case handle
    }

    /// A head was read. `persistent`: whether the client would use the connection further.
    package mutating func headEnded(hasBody: Bool, persistent: Bool) -> AfterHead {
        precondition(intake == .head, "a head is read only between requests")
        self.persistent = persistent
        discards = false
        phase = hasBody ? .body : .answering
        return hasBody ? .readBody : .handle
    }

    /// A head was read that is answered without its body. `closes`: the body is not worth reading.
    package mutating func headRefused(hasBody: Bool, persistent: Bool, closes: Bool) {
        precondition(intake == .head, "a head is read only between requests")
        self.persistent = persistent && !closes
        discards = hasBody && !closes
        phase = .answering
    }

    /// What follows the last byte of a body.
    package enum AfterBody: Equatable {
        /// Give the request to its handler.
        case handle
        /// The request is answered already: go on with what is there.
        case goOn
    }

    /// The last byte of a body was read.
    package mutating func bodyEnded() -> AfterBody {
        switch phase {
        case .body:
            phase = .answering
            return .handle
        case .discarding:
            phase = draining ? .flushing(lingers: true) : .idle
            return .goOn
        // `intake` says when a body is read: in no other phase.
        case .idle, .head, .answering, .flushing, .lingering, .closed:
            preconditionFailure("a body is read only after its head")
        }
    }

    /// What follows bytes that are not HTTP.
    package enum AfterError: Equatable {
        /// Answer with this error and tell `answered`.
        case answer(HTTPError)
        /// The answer of this request is written already: send it.
        case goOn
    }

    /// Bytes came that are not HTTP, or more than there may be: they are answered, and nothing more.
    package mutating func failed(_ error: HTTPError) -> AfterError {
        switch phase {
        case .idle, .head, .body:
            persistent = false
            phase = .answering
            return .answer(error)
        case .discarding:
            phase = .flushing(lingers: true)
            return .goOn
        // `intake` says when bytes are read: in no other phase.
        case .answering, .flushing, .lingering, .closed:
            preconditionFailure("only bytes that are read can be wrong")
        }
    }

    // MARK: Answers

    /// The answer's body ends with the connection (HTTP/1.0): it is the last one.
    package mutating func answerEndsConnection() { persistent = false }

    /// The answer is written, all of it.
    package mutating func answered() {
        precondition(isAnswering, "a request has one answer")
        if closesAfterAnswer {
            phase = .flushing(lingers: !peerEnded)
        } else {
            phase = discards ? .discarding : .idle
        }
    }

    /// What follows the sending of all that was written.
    package enum AfterOutput: Equatable {
        /// Go on with what is there.
        case goOn
        /// Shut this side down; throw away what comes until the end or the deadline.
        case linger
        /// Close at once.
        case close
    }

    /// The bytes that were written are sent.
    package mutating func outputDrained() -> AfterOutput {
        guard case .flushing(let lingers) = phase else { return .goOn }
        if lingers, !peerEnded {
            phase = .lingering
            return .linger
        }
        phase = .closed
        return .close
    }

    // MARK: Ends

    /// What follows the end of a client's side.
    package enum AfterPeerClosing: Equatable {
        /// Read what it sent before.
        case goOn
        /// The client may be gone: cancel the handler after a while.
        case cancelSoon
    }

    /// The client has closed its side; bytes that it sent before may be unread.
    package func peerClosing() -> AfterPeerClosing { isAnswering ? .cancelSoon : .goOn }

    /// What follows the last byte of a client.
    package enum AfterInput: Equatable {
        /// Send what is written.
        case goOn
        /// Answer with this error and tell `answered`.
        case answer(HTTPError)
        /// Close at once.
        case close
    }

    /// The client sends no more, and all that it sent was read.
    package mutating func inputEnded() -> AfterInput {
        precondition(intake != .hold, "nothing is received while bytes are to be left where they are")
        peerEnded = true
        switch phase {
        case .lingering:
            phase = .closed
            return .close
        case .head, .body:
            persistent = false
            phase = .answering
            return .answer(HTTPError(.malformedRequest, "the connection was closed in the middle of a request"))
        case .idle, .discarding, .answering, .flushing, .closed:
            phase = .flushing(lingers: false)
            return .goOn
        }
    }

    /// What follows the end of the time for something.
    package enum AfterDeadline: Equatable {
        /// Answer with this error and tell `answered`.
        case answer(HTTPError)
        /// Close at once.
        case close
    }

    /// The time for what is under way is over. `unsent`: whether bytes wait for the client.
    package mutating func deadlinePassed(unsent: Bool) -> AfterDeadline {
        precondition(unsent || timeLimit != nil, "a handler may take any time, and a closed connection takes none")
        if !unsent, phase == .head || phase == .body {
            persistent = false
            phase = .answering
            return .answer(HTTPError(.timeout, "the request did not come in time"))
        }
        phase = .closed
        return .close
    }

    /// Serve no further requests.
    package mutating func drain() {
        draining = true
        if phase == .idle { phase = .flushing(lingers: false) }
    }

    /// What follows a break.
    package enum AfterBreak: Equatable {
        /// Close at once.
        case close
        /// It is closed already.
        case goOn
    }

    /// The connection is broken or given up.
    package mutating func broke() -> AfterBreak {
        if isClosed { return .goOn }
        phase = .closed
        return .close
    }
}
