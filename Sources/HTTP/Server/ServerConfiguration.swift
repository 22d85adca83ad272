package import HTTPTypes
package import Reactor

/// Where a server listens.
package enum ListenAddress: Equatable, Sendable {
    /// TCP on a numeric address (`127.0.0.1`, `::1`, `0.0.0.0`); port 0 lets the kernel choose.
    case tcp(host: String, port: UInt16)
    /// A Unix socket at a path of at most 107 bytes. A stale socket file is replaced, a live one is an error.
    case unix(path: String, mode: UInt32 = 0o660)
}

/// What a server needs to know. Every limit has an answer of its own.
package struct ServerConfiguration: Sendable {
    /// The most that is accepted.
    package struct Limits: Sendable {
        /// Bytes of the request line. Beyond: 414. Default 16 KiB.
        package var requestLine = 16 << 10
        /// Number of field lines. Beyond: 431. Default 128.
        package var fieldCount = 128
        /// Bytes of one field line. Beyond: 431. Default 16 KiB.
        package var fieldLine = 16 << 10
        /// Bytes of the whole head. Beyond: 431. Default 64 KiB.
        package var head = 64 << 10
        /// Bytes of a body, chunked coding taken off. Beyond: 413. Default 32 MiB.
        package var body = 32 << 20
        /// Bytes of bodies that are being read at one time, of all connections. Beyond: 503. Default 512 MiB.
        package var bodiesTogether = 512 << 20
        /// The same of one ``ClientKey``. Beyond: 503. Default nil, no limit.
        package var bodiesPerClient: Int?
        /// Bytes of a chunk's size line with its extensions. Beyond: 400. Default 4 KiB.
        package var chunkLine = 4 << 10
        /// Connections at one time. Beyond: the one that has been idle longest is closed for a new one; while none is
        /// idle, new ones wait in the kernel's queue. Default 16,384.
        package var connections = 16_384
        /// Connections of one ``ClientKey`` at one time. Beyond: further ones are closed at once. Default nil, no limit.
        package var connectionsPerClient: Int?
        /// Bytes of answers that wait to be sent on one connection before it is read no further. Default 256 KiB.
        package var unsent = 256 << 10

        /// The defaults.
        package init() {}
    }

    /// How long things may take.
    package struct Timeouts: Sendable {
        /// From the connection's beginning, or a request's first byte, to the end of the head. Then 408. Default 10 s.
        package var head: Duration = .seconds(10)
        /// From the end of the head to the end of the body, plus the time that the bytes received so far take at
        /// `minimumBodyRate`. Then 408. Default 20 s.
        package var body: Duration = .seconds(20)
        /// Bytes a second that a long body must reach on average. Default 16 KiB.
        package var minimumBodyRate = 16 << 10
        /// Between the end of an answer and the next request's first byte. Then the connection closes. Default 75 s.
        package var idle: Duration = .seconds(75)
        /// How long a client that has answers to read may take them more slowly than `minimumReadRate`, or not at all.
        /// Then the connection is broken off. Default 30 s.
        package var send: Duration = .seconds(30)
        /// Bytes a second that a client takes at least on average over `send` while more wait for it. Default 512.
        package var minimumReadRate = 512
        /// How long a refused request's further bytes are read and thrown away, so that the client sees the answer.
        /// Default 2 s.
        package var linger: Duration = .seconds(2)
        /// After a client has closed its side, how long its GET or HEAD may still be answered before it is cancelled.
        /// Default 1 s.
        package var halfClosed: Duration = .seconds(1)

        /// The defaults.
        package init() {}
    }

    /// Where to listen, at least one unless sockets are inherited.
    package var listen: [ListenAddress]
    /// Sockets that listen already, beside these. Default none.
    package var inherited: [InheritedSocket] = []
    /// Limits of sizes and numbers.
    package var limits = Limits()
    /// Limits of time.
    package var timeouts = Timeouts()
    /// The hosts that are answered for; a Unix socket's clients may name any. Default any.
    package var hosts = HostPolicy.any
    /// What a 421 tells the operator to set. Default nothing.
    package var hostHint = ""
    /// Fields of every answer, such as Server. Default none.
    package var fields: HTTPFields = [:]
    /// Connections the kernel keeps for a busy server. Default 1,024 (the kernel caps it at net.core.somaxconn).
    package var backlog: CInt = 1_024
    /// How an error looks. Default: `ProblemDocument.response`, a plain RFC 9457 document.
    package var problem: @Sendable (HTTPError, ProblemContext) -> Response = ProblemDocument.response
    /// Where files are read. Default: two threads of the module's own.
    package var files: ThreadPool?
    /// Where the server counts what it does. Default: counts that nobody else sees.
    package var figures = ServerFigures()
    /// Told what an operator may want to read. Called on a reactor; must not wait. Default: nothing.
    package var log: @Sendable (ServerEvent) -> Void = { _ in }
    /// Told of every answer, for metrics. Called on a reactor; must not wait. Default: nobody.
    package var observe: (@Sendable (Exchange) -> Void)?
    /// Told of every request whose answer is over, for an access log. Called on a reactor; must not wait. Default: nobody,
    /// and then nothing of a request is kept for it.
    package var finished: (@Sendable (AnsweredRequest) -> Void)?

    /// The defaults at these addresses.
    package init(listen: [ListenAddress]) { self.listen = listen }
}

/// What a problem document may tell besides the error.
package struct ProblemContext: Sendable {
    /// The request's id.
    package let requestID: RequestID
    /// The method, where one could be read.
    package let method: HTTPRequest.Method?
    /// The path as sent, where one could be read: the `instance` of RFC 9457.
    package let path: String?

    /// A context.
    package init(requestID: RequestID, method: HTTPRequest.Method? = nil, path: String? = nil) {
        self.requestID = requestID
        self.method = method
        self.path = path
    }
}

/// One request and its answer, once the answer is decided.
package struct Exchange: Sendable {
    /// The request's id.
    package let id: RequestID
    /// The method, where one could be read.
    package let method: HTTPRequest.Method?
    /// The route's template; nil when no route was found.
    package let template: String?
    /// The answer's status.
    package let status: HTTPResponse.Status
    /// From the end of the head to the answer.
    package let duration: Duration

    /// One request and its answer.
    package init(
        id: RequestID, method: HTTPRequest.Method?, template: String?, status: HTTPResponse.Status, duration: Duration
    ) {
        self.id = id
        self.method = method
        self.template = template
        self.status = status
        self.duration = duration
    }
}

/// Something an operator may want to read.
package enum ServerEvent: Sendable {
    /// A handler threw an error that knows no answer; the client got a 500.
    case handlerFailed(id: RequestID, method: String, path: String, error: any Error)
    /// A stream or file ended with an error after its head was sent; the connection was broken off.
    case streamFailed(id: RequestID, path: String, error: any Error)
    /// Out of descriptors or of connections: nothing is accepted until `retry` from now or a connection ends. At most
    /// one a second, with the number of times since the last.
    case acceptPaused(reason: String, retry: Duration, times: Int)
}
