import Formats
import Transfer

/// The routes of the daemon that the commands use. A status outside 200 to 299 is thrown as a `Refusal`.
struct Server {
    let client: TransferClient
    /// Sent as a bearer token where there is one.
    let token: String?

    private var fields: [(name: String, value: String)] {
        token.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    /// The answer to `GET target`, as JSON.
    func get(_ target: String, timeout: Double? = 60) throws -> JSON {
        try json(client.send(TransferRequest("GET", target, fields: fields, timeout: timeout)))
    }

    /// The answer to `POST target`, as JSON; `content` is JSON text or nothing.
    func post(_ target: String, content: [UInt8]? = nil, key: String? = nil) throws -> JSON {
        var fields = self.fields
        if content != nil { fields.append(("Content-Type", "application/json")) }
        if let key { fields.append(("Idempotency-Key", key)) }
        return try json(
            client.send(TransferRequest("POST", target, fields: fields, body: content ?? [], timeout: 60)))
    }

    /// Hands the content of `GET target` on as it arrives.
    func stream(_ target: String, receive: (UnsafeRawBufferPointer) throws -> Void) throws {
        let reply = try client.stream(TransferRequest("GET", target, fields: fields), receive: receive)
        guard (200..<300).contains(reply.status) else { throw Refusal(reply) }
    }

    /// Fetches a file to disk.
    func download(_ target: String, to destination: String, sha256: String?) throws {
        let reply = try Download(target, to: destination, sha256: sha256, fields: fields).run(client)
        guard (200..<300).contains(reply.status) else { throw Refusal(reply) }
    }

    private func json(_ reply: Reply) throws -> JSON {
        guard (200..<300).contains(reply.status) else { throw Refusal(reply) }
        do {
            return try JSON(parsing: reply.body, limits: JSONLimits(depth: 1000, values: .max))
        } catch {
            throw TransferError(.damaged, "the answer of \(client.unixSocket ?? client.base) is not JSON: \(error)")
        }
    }
}

extension Server {
    /// The path of a job, its id escaped (RFC 3986 section 3.3).
    static func job(_ id: String, _ rest: String = "") -> String { "/v1/jobs/\(escape(id))\(rest)" }

    /// Percent-encodes everything but RFC 3986's unreserved characters.
    static func escape(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || "-._~".contains(character) {
                return String(character)
            }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
