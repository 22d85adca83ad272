import Formats
package import HTTP
import HTTPTypes
package import Jobs
import OrderedCollections

/// How a line of the access log looks.
package enum AccessLogFormat: String, CaseIterable, Sendable {
    /// Combined Log Format, and behind it the request's id and its seconds.
    case combined
    /// An object of JSON.
    case json

    /// Characters that are kept of what a client says of itself.
    private static let longest = 1024

    /// The line of a request whose answer ended at a moment. It has no query, which could hold a secret, nor any field but two.
    package func line(_ request: AnsweredRequest, at moment: Timestamp) -> String {
        switch self {
        case .combined: combined(request, moment)
        case .json: json(request, moment)
        }
    }

    // MARK: Combined

    private func combined(_ request: AnsweredRequest, _ moment: Timestamp) -> String {
        let method = request.method?.rawValue ?? "-"
        let line = request.line.map { "\(method) \($0.path) \(Self.word($0.version))" } ?? "-"
        let principal = request.principal.map { PercentEncoding.encoded($0) } ?? "-"
        let status = request.status.map(String.init) ?? "-"
        return "\(Self.word(request.peer)) - \(principal) [\(Self.calendar(moment))] \(Self.quoted(line)) \(status) "
            + "\(request.bodyBytes) \(Self.quoted(Self.referrer(request) ?? "-")) "
            + "\(Self.quoted(request.line?.userAgent ?? "-")) \(request.id) \(Self.seconds(request.duration))"
    }

    /// `10/Oct/2000:13:55:36 +0000`
    private static func calendar(_ moment: Timestamp) -> String {
        // 2000-10-10T13:55:36.000Z
        let parts = moment.rfc3339.split(whereSeparator: { "-T.Z".contains($0) }).map(String.init)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count >= 4, let month = Int(parts[1]), months.indices.contains(month - 1) else {
            return moment.rfc3339
        }
        return "\(parts[2])/\(months[month - 1])/\(parts[0]):\(parts[3]) +0000"
    }

    /// In quotes, with what could end them, begin a line or move a terminal told by its number, as nginx does.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8.prefix(longest) {
            if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                bytes.append(byte)
            } else {
                bytes += Array("\\x".utf8)
                Hexadecimal.append(byte, to: &bytes, uppercase: true)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func word(_ version: HTTPVersion) -> String { version == .http10 ? "HTTP/1.0" : "HTTP/1.1" }

    // MARK: JSON

    private func json(_ request: AnsweredRequest, _ moment: Timestamp) -> String {
        let object: JSON = [
            "time": .string(moment.rfc3339), "request_id": .string(request.id.description),
            "peer": .string(Self.word(request.peer)), "principal": .optional(request.principal, JSON.string),
            "method": .optional(request.method) { .string(Self.cut($0.rawValue)) },
            "path": .optional(request.line) { .string(Self.cut($0.path)) },
            "route": .optional(request.template, JSON.string), "status": .optional(request.status) { JSON($0) },
            "bytes": JSON(request.bodyBytes), "seconds": JSON(Self.microseconds(request.duration) / 1e6),
            "complete": JSON(request.isWhole),
            "referrer": .optional(Self.referrer(request)) { .string(Self.cut($0)) },
            "user_agent": .optional(request.line?.userAgent) { .string(Self.cut($0)) },
        ]
        return object.text
    }

    /// Not too much of a text, without the one control character that JSON lets pass.
    private static func cut(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest).map { $0 == "\u{7F}" ? "\u{FFFD}" : $0 }))
    }

    // MARK: Both

    /// Where it comes from, without the query.
    private static func referrer(_ request: AnsweredRequest) -> String? {
        request.line?.referrer.map { String($0.prefix { $0 != "?" && $0 != "#" }) }
    }

    private static func word(_ peer: Peer) -> String {
        switch peer {
        case .internet(let address, _): address
        case .unixSocket(let user): user.map { "unix:\($0)" } ?? "unix"
        }
    }

    private static func microseconds(_ duration: Duration) -> Double { (duration / .microseconds(1)).rounded() }

    /// With six digits behind the point.
    private static func seconds(_ duration: Duration) -> String {
        let whole = UInt64(max(0, microseconds(duration)))
        let rest = String(whole % 1_000_000)
        return "\(whole / 1_000_000).\(String(repeating: "0", count: 6 - rest.count))\(rest)"
    }
}
