import API
import Formats
import FoundationEssentials
import Transfer

/// What the server answered: as it came, and as what it means.
struct Answer<View: WireValue> {
    let json: JSON
    let view: View
}

/// The daemon as the commands use it. A status outside 200 to 299 is thrown as a ``ServerError``.
struct DaemonClient {
    let client: TransferClient
    /// Sent as a bearer token where there is one.
    let token: String?

    private var fields: [(name: String, value: String)] {
        token.map { [("Authorization", "Bearer \($0)")] } ?? []
    }

    /// The answer to `GET target`.
    func get<View>(_ target: String, _ type: View.Type = View.self, timeout: Double? = 60) throws -> Answer<View> {
        try answer(client.send(TransferRequest("GET", target, fields: fields, timeout: timeout)))
    }

    /// The answer to `POST target`; `content` is JSON text or nothing.
    func post<View>(
        _ target: String, _ type: View.Type = View.self, content: [UInt8]? = nil, key: String? = nil
    ) throws -> Answer<View> {
        var fields = self.fields
        if content != nil { fields.append(("Content-Type", "application/json")) }
        if let key { fields.append(("Idempotency-Key", key)) }
        return try answer(
            client.send(TransferRequest("POST", target, fields: fields, body: content ?? [], timeout: 60)))
    }

    /// The answer to `POST target` with a key, which makes it safe to send again where the answer got lost.
    func postOnce<View>(
        _ target: String, _ type: View.Type = View.self, content: [UInt8]? = nil, key: String = UUID().uuidString
    ) throws -> Answer<View> {
        do {
            return try post(target, type, content: content, key: key)
        } catch let error as TransferError where error.code == .unreachable {
            return try post(target, type, content: content, key: key)
        }
    }

    /// `DELETE target`, which is answered without content.
    func delete(_ target: String) throws {
        let reply = try client.send(TransferRequest("DELETE", target, fields: fields, timeout: 60))
        guard (200..<300).contains(reply.status) else { throw ServerError(reply) }
    }

    /// Hands the content of `GET target` on as it arrives.
    func stream(
        _ target: String, fields more: [(name: String, value: String)] = [], timeout: Double? = nil,
        receive: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let reply = try client.stream(
            TransferRequest("GET", target, fields: fields + more, timeout: timeout), receive: receive)
        guard (200..<300).contains(reply.status) else { throw ServerError(reply) }
    }

    /// Fetches a file to disk.
    func download(_ target: String, to destination: String, sha256: String?) throws {
        let reply = try FileDownload(target, to: destination, sha256: sha256, fields: fields).run(client)
        guard (200..<300).contains(reply.status) else { throw ServerError(reply) }
    }

    private func answer<View>(_ reply: Reply) throws -> Answer<View> {
        guard (200..<300).contains(reply.status) else { throw ServerError(reply) }
        do {
            let json = try JSON(parsing: reply.body, limits: JSONLimits(depth: 1000, values: .max))
            return Answer(json: json, view: try View(wire: json))
        } catch {
            throw TransferError(
                .damaged, "the answer of \(client.unixSocket ?? client.base) is not what tpud answers: \(error)")
        }
    }
}

extension DaemonClient {
    /// A path with a query of the parameters that have a value.
    static func target(_ path: String, _ parameters: KeyValuePairs<String, String?>) -> String {
        target(path, parameters.map { ($0.key, $0.value) })
    }

    /// The same of parameters in a list.
    static func target(_ path: String, _ parameters: [(String, String?)]) -> String {
        let given = parameters.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.encoded($0))" } }
        return given.isEmpty ? path : path + "?" + given.joined(separator: "&")
    }
}
