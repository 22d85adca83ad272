import HTTPTypes

extension BodyRule {
    /// Whether there is something to check before the body is read.
    var isChecked: Bool { self != .any && self != .ignored }

    /// What is wrong with a request's body before its first byte is read; nil when nothing is.
    package func error(_ request: Request, announcesBody: Bool, framing: Framing) -> HTTPError? {
        let types: [String]
        switch self {
        case .any, .ignored: return nil
        case .required(let required):
            types = required
            guard announcesBody else {
                return HTTPError(.lengthRequired, "a body of type \(required.joined(separator: " or ")) is needed")
            }
        case .optional(let optional):
            types = optional
            if framing == .none { return nil }
        }
        if let coding = request.field(.contentEncoding), !coding.isEmpty, coding.lowercased() != "identity" {
            return HTTPError(
                .unsupportedMediaType, "a body with a content coding is not supported",
                fields: [.acceptEncoding: "identity"])
        }
        guard request.count(of: .contentType) == 1, let type = request.field(.contentType),
            types.contains(Self.essence(type))
        else {
            return HTTPError(
                .unsupportedMediaType, "the Content-Type must be \(types.joined(separator: " or "))",
                fields: [.accept: types.joined(separator: ", ")])
        }
        return nil
    }

    /// Type and subtype in small letters, parameters cut off (RFC 9110 section 8.3.1).
    static func essence(_ type: String) -> String {
        let bytes = Array(type.prefix { $0 != ";" }.utf8)
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self).lowercased()
    }
}
