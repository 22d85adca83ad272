import HTTPTypes

/// An error as an RFC 9457 document, for servers that have nothing better.
package enum ProblemDocument {
    /// `application/problem+json` with type, title, status, detail, code, instance and request_id.
    package static func response(_ error: HTTPError, _ context: ProblemContext) -> Response {
        var text = "{\"type\":\"about:blank\",\"title\":"
        text +=
            quoted(error.status.reasonPhrase) + ",\"status\":\(error.status.code),\"detail\":" + quoted(error.detail)
        text += ",\"code\":" + quoted(error.code.rawValue)
        if let path = context.path { text += ",\"instance\":" + quoted(path) }
        text += ",\"request_id\":" + quoted(context.requestID.description) + "}\n"
        var response = Response(error.status, type: "application/problem+json", Array(text.utf8))
        for field in error.fields { response.fields.append(field) }
        return response
    }

    /// A JSON string (RFC 8259 section 7); angle brackets and ampersands are escaped, so that no page takes it for markup.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "<", ">", "&", "\u{0}"..."\u{1f}", "\u{7f}":
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
