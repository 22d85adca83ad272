/// A connection's life, without socket, clock or handler: one method for each thing that can happen, which returns what
/// to do about it (RFC 9112 section 9).
package struct ConnectionMachine: ~Copyable {
    /// What is under way.
    package enum Phase: Equatable {
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

    /// What to do once something happened.
    package enum Step: Equatable {
        /// Go on with what is there.
        case proceed
        /// Give the request to its handler.
        case handle
        /// Answer with this fault and tell `answered`.
        case refuse(HTTPError)
        /// Shut this side down; throw away what comes until the end or the deadline.
        case linger
        /// The client may be gone: cancel the handler after a while.
        case cancelSoon
        /// Close at once.
        case close
    }

    /// What is under way. At first idle.
    package private(set) var phase = Phase.idle
    private var persistent = true
    private var draining = false
    private var peerEnded = false
    private var discards = false

    /// A new connection.
    package init() {}

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

    /// Whether it is over.
    package var isClosed: Bool { phase == .closed }

    /// Whether the answer being written is the connection's last one and must say so.
    package var closesAfterAnswer: Bool { !persistent || draining }

    /// A part of a head is there, but not all of it.
    package mutating func headBegan() {
        if phase == .idle { phase = .head }
    }

    /// A head was read. `persistent`: whether the client would use the connection further.
    package mutating func headEnded(hasBody: Bool, persistent: Bool) -> Step {
        self.persistent = persistent
        discards = false
        phase = hasBody ? .body : .answering
        return hasBody ? .proceed : .handle
    }

    /// A head was read that is answered without its body. `closes`: the body is not worth reading.
    package mutating func headRefused(hasBody: Bool, persistent: Bool, closes: Bool) {
        self.persistent = persistent && !closes
        discards = hasBody && !closes
        phase = .answering
    }

    /// The last byte of a body was read.
    package mutating func bodyEnded() -> Step {
        switch phase {
        case .body:
            phase = .answering
            return .handle
        case .discarding:
            phase = draining ? .flushing(lingers: true) : .idle
            return .proceed
        default: return .proceed
        }
    }

    /// The answer is written, all of it.
    package mutating func answered() {
        guard phase == .answering else { return }
        if closesAfterAnswer {
            phase = .flushing(lingers: !peerEnded)
        } else {
            phase = discards ? .discarding : .idle
        }
    }

    /// The answer's body ends with the connection (HTTP/1.0): it is the last one.
    package mutating func answerEndsConnection() { persistent = false }

    /// Bytes came that are not HTTP: they are answered, and nothing more.
    package mutating func faulted(_ fault: HTTPError) -> Step {
        switch phase {
        case .idle, .head, .body:
            persistent = false
            phase = .answering
            return .refuse(fault)
        case .discarding:
            // The answer of this request is written already.
            phase = .flushing(lingers: true)
            return .proceed
        default: return .proceed
        }
    }

    /// The bytes that were written are sent.
    package mutating func outputDrained() -> Step {
        guard case .flushing(let lingers) = phase else { return .proceed }
        if lingers, !peerEnded {
            phase = .lingering
            return .linger
        }
        phase = .closed
        return .close
    }

    /// The client has closed its side; bytes that it sent before may be unread.
    package func peerClosing() -> Step { phase == .answering ? .cancelSoon : .proceed }

    /// The client sends no more, and all that it sent was read.
    package mutating func inputEnded() -> Step {
        peerEnded = true
        switch phase {
        case .lingering:
            phase = .closed
            return .close
        case .idle, .discarding:
            phase = .flushing(lingers: false)
            return .proceed
        case .head, .body:
            return faulted(HTTPError(.malformedRequest, "the connection was closed in the middle of a request"))
        case .answering:
            persistent = false
            return .cancelSoon
        case .flushing, .closed: return .proceed
        }
    }

    /// The time for what is under way is over. `unsent`: whether bytes wait for the client.
    package mutating func deadlinePassed(unsent: Bool) -> Step {
        switch phase {
        case .head where !unsent, .body where !unsent:
            return faulted(HTTPError(.timeout, "the request did not come in time"))
        case .answering where !unsent: return .proceed
        default: return broke()
        }
    }

    /// Serve no further requests.
    package mutating func drain() -> Step {
        draining = true
        if phase == .idle { phase = .flushing(lingers: false) }
        return .proceed
    }

    /// The connection is broken or given up.
    package mutating func broke() -> Step {
        if phase == .closed { return .proceed }
        phase = .closed
        return .close
    }
}
