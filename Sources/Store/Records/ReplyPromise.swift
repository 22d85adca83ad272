/// Which request a client's idempotency key names.
package struct ReplyKey: Hashable, Sendable {
    /// Within what the key is unique: the principal and the path.
    package var scope: String
    /// The client's key.
    package var key: String
    /// What tells one body from another: its SHA-256.
    package var digest: String

    /// Makes the key of one request.
    package init(scope: String, key: String, digest: String) {
        self.scope = scope
        self.key = key
        self.digest = digest
    }
}

/// An answer that is kept, to be given again.
package struct KeptReply: Hashable, Sendable {
    /// Its status, 200 to 299.
    package var status: Int
    /// Its body.
    package var body: [UInt8]
    /// The version of the job that it shows; nil when it shows none.
    package var version: Int?

    /// Makes an answer.
    package init(status: Int, body: [UInt8], version: Int? = nil) {
        self.status = status
        self.body = body
        self.version = version
    }
}

/// A client's promise that a request with this key is the same request, and what it is answered once it is done: both are
/// kept in the transaction that does it.
package struct ReplyPromise<Value: Sendable>: Sendable {
    /// Which request.
    package var key: ReplyKey
    /// The answer, by what came of the request. It runs on the writer: it must be quick.
    package var answer: @Sendable (Value) -> KeptReply

    /// Makes the promise of one request.
    package init(_ key: ReplyKey, answer: @escaping @Sendable (Value) -> KeptReply) {
        self.key = key
        self.answer = answer
    }
}

/// What came of a request that may carry a promise.
package enum Kept<Value: Sendable>: Sendable {
    /// It is done.
    case done(Value)
    /// It came before: what it was answered. Nothing is done.
    case earlier(KeptReply)
    /// The key came before with another body. Nothing is done.
    case conflict
}
