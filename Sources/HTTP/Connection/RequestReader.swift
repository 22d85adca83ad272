import HTTPTypes

/// Reads one client's requests, one after the other, out of bytes that come in pieces. Whether a head or a body is next
/// is its caller's to know.
package struct RequestReader {
    /// How far a body was read.
    private enum Body {
        case none
        case length(remaining: Int)
        /// Apart: hardly any connection is in the middle of one.
        indirect case chunked(ChunkedDecoder)
    }

    /// What came of bytes of a body.
    package struct BodyPart {
        /// The index after the last byte that belongs to the body.
        package let next: Int
        /// Whether the body is complete.
        package let isLast: Bool
    }

    /// Bytes that are not used yet.
    package var received = ReceivedBytes()
    /// What the present request is made of; nil before its first byte and when it is gone.
    package private(set) var storage: RequestStorage?
    /// The present request's head.
    package private(set) var head = RequestHead()
    /// Bytes of the present body that came, kept or not.
    package private(set) var bodyReceived = 0

    private let parser: HeadParser
    private let pool: RequestPool
    private var body = Body.none
    /// Bytes of the present body that are kept.
    private var kept = 0
    /// Whether the request of `storage` is answered.
    private var isAnswered = false

    /// After so many bytes of a body its announced length is believed.
    private static let trusted = 1 << 20
    /// Room that is made for a body before its first byte, at most.
    private static let firstRoom = 64 << 10

    /// A reader at the beginning of a connection.
    package init(parser: HeadParser, pool: RequestPool) {
        self.parser = parser
        self.pool = pool
    }

    // MARK: Heads

    /// The head at the beginning of `bytes`, which are not empty; nil when more bytes are needed.
    /// - Throws: `HTTPError`; the connection cannot be used further then.
    package mutating func readHead(_ bytes: Span<UInt8>) throws(HTTPError) -> RequestHead? {
        releaseAnswered()
        let storage = storage ?? pool.take()
        self.storage = storage
        guard let head = try parser.parse(bytes, into: storage) else { return nil }
        self.head = head
        return head
    }

    // MARK: Bodies

    /// Begins the body that the head announced.
    /// - Parameter client: Who sends it; asked for only where there is one.
    package mutating func beginBody(of client: @autoclosure () -> ClientKey) {
        bodyReceived = 0
        if head.framing != .none { storage?.client = client() }
        switch head.framing {
        case .none: body = .none
        case .length(let count):
            body = .length(remaining: count)
            storage?.body.reserveCapacity(min(count, Self.firstRoom))
        case .chunked: body = .chunked(ChunkedDecoder(limits: parser.limits))
        }
    }

    /// Reads a part of a body.
    /// - Parameter keeps: whether the request gets it; otherwise it is read and dropped.
    /// - Throws: `HTTPError`: the coding is broken or a limit is reached. The connection cannot be used further then.
    package mutating func readBody(
        _ bytes: Span<UInt8>, from start: Int, keeps: Bool
    ) throws(HTTPError) -> BodyPart {
        var next = start
        var isLast = true
        var overdraft: BodyBudget.Overdraft?
        switch body {
        case .none: break
        case .length(let remaining):
            let count = min(remaining, bytes.count - start)
            if keeps { overdraft = keep(bytes.extracting(start..<(start + count))) }
            next += count
            isLast = count == remaining
            body = .length(remaining: remaining - count)
        case .chunked(var decoder):
            // Out of the reader meanwhile, so that its buffers are not copied; and gone when it throws.
            body = .none
            next = try decoder.decode(bytes, from: start) { if keeps { overdraft = keep($0) ?? overdraft } }
            isLast = decoder.isComplete
            if isLast, keeps { storage?.trailers = decoder.trailers }
            body = .chunked(decoder)
        }
        bodyReceived += next - start
        if let overdraft {
            body = .none
            throw Self.error(overdraft)
        }
        if isLast { body = .none }
        return BodyPart(next: next, isLast: isLast)
    }

    private static func error(_ overdraft: BodyBudget.Overdraft) -> HTTPError {
        let detail =
            switch overdraft {
            case .all: "too many bodies are being read"
            case .client: "too many bodies of this client are being read; send one after the other"
            }
        // Whoever is refused together does not come back together.
        return HTTPError(.overloaded, detail, fields: [.retryAfter: "\(Int.random(in: 1...4))"])
    }

    private mutating func keep(_ bytes: Span<UInt8>) -> BodyBudget.Overdraft? {
        // unsafe: the bytes are copied while they live.
        bytes.withUnsafeBufferPointer { storage?.body.append(contentsOf: $0) }
        if case .length(let whole) = head.framing, kept < Self.trusted, kept + bytes.count >= Self.trusted {
            // Who has sent so much will send the rest: room for all of it spares copies of what is there. The kernel
            // gives the memory page by page as it is written.
            storage?.body.reserveCapacity(whole)
        }
        guard let client = storage?.client, !bytes.isEmpty else { return nil }
        kept += bytes.count
        return pool.bodies.keep(bytes.count, of: client)
    }

    // MARK: The end of a request

    /// The present request is answered: what it is made of may go once nobody on the way here holds it.
    package mutating func answered() { isAnswered = true }

    /// Gives what an answered request was made of back to the pool.
    package mutating func releaseAnswered() {
        if isAnswered { release() }
    }

    /// Gives what the present request was made of back to the pool, and forgets it.
    package mutating func release() {
        releaseBody()
        isAnswered = false
        // Taken out, so that the pool gets the only reference.
        guard let used = storage.take() else { return }
        pool.giveBack(consume used)
    }

    /// Lets the present request go to whoever else has it, while its answer is still to come.
    package mutating func dropRequest() {
        releaseBody()
        isAnswered = false
        storage = nil
    }

    private mutating func releaseBody() {
        if kept > 0, let client = storage?.client { pool.bodies.release(kept, of: client) }
        kept = 0
    }
}
