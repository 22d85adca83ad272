import API
import Formats
import HTTP
import HTTPTypes

/// What answers have in common that show something.
extension Endpoints {
    /// Fewer bytes than this fit into a packet as they are.
    private static let fewBytes = 1_400

    /// The answer with how long it holds: what has a tag may be kept, and is asked for each time; anything else is another one
    /// at once.
    static func dated(_ response: Response, _ endpoint: Endpoint) -> Response {
        guard endpoint.method == .get, response.status.code < 400, !response.fields.contains(.cacheControl) else {
            return response
        }
        var response = response
        if response.fields.contains(.eTag) {
            response.fields[.cacheControl] = CacheControl.asks.rawValue
        } else if response.fields[.contentType] == "application/json" {
            response.fields[.cacheControl] = CacheControl.never.rawValue
        }
        return response
    }

    /// Whether the answer is to be coded with gzip: it shows something that has no tag (which would name another
    /// representation, RFC 9110 section 8.8.3.3), as text of more than a packet, to a client that takes it.
    static func isCoded(_ response: Response, _ request: Request, _ endpoint: Endpoint) -> Bool {
        guard endpoint.method == .get, response.status == .ok, case .bytes(let bytes) = response.body,
            bytes.count > fewBytes, !response.fields.contains(.eTag), !response.fields.contains(.contentEncoding),
            response.fields[.contentType] == "application/json"
        else { return false }
        return AcceptEncodingField(request.field(.acceptEncoding)).takes("gzip")
    }

    /// An answer as its client asked for it: dated, indented for people, coded.
    static func shown(
        _ response: Response, _ request: Request, _ endpoint: Endpoint, _ query: QueryValues
    ) async throws -> Response {
        let response = dated(response, endpoint)
        let isCoded = isCoded(response, request, endpoint)
        guard query.isPretty || isCoded else { return response }
        return try await DiskWork.run {
            let shown = query.isPretty ? response.indented : response
            return isCoded ? shown.compressed : shown
        }
    }
}

extension Response {
    /// 304, for whoever has that version of a job.
    static func notModified(version: Int) -> Response {
        Response(
            .notModified, fields: [.eTag: EntityTag.of(version: version), .cacheControl: CacheControl.asks.rawValue])
    }

    /// The same with its body coded with gzip. Takes as long as that does.
    fileprivate var compressed: Response {
        guard case .bytes(let bytes) = body else { return self }
        var response = self
        response.body = .bytes(Gzip.compressed(bytes))
        response.fields[.contentEncoding] = "gzip"
        response.fields[.vary] = (fields[.vary].map { "\($0), " } ?? "") + "Accept-Encoding"
        return response
    }
}
