import API
import HTTP

/// Request targets: what one means does not depend on how it is written.
enum TargetChecks {
    private static let router = Router(
        Endpoint.all.map { Route($0.method, $0.path, .immediate { _ in .text("") }) })

    static func broken(by input: [UInt8]) -> String? {
        guard let request = get(input) else { return nil }
        guard request.path.hasPrefix("/") else { return "the path \(request.path) has no slash before it" }
        guard let origin = get(Array(request.target.utf8)) else { return "\(request.target) is not read again" }
        guard origin.path == request.path, origin.target == request.target else {
            return "\(request.target) is read as \(origin.target)"
        }
        let storage = RequestStorage()
        guard let found = route(request.target, storage) else { return nil }
        // What the route was given, written anew, leads to the same.
        let endpoint = Endpoint.all[found.index]
        let path = endpoint.path(found.parameters)
        guard let again = route(path, RequestStorage()), again == found else {
            return "\(request.target) leads to \(found), \(path) does not"
        }
        for (name, value) in found.parameters
        where value.isEmpty || value == "." || value == ".." || value.contains("/") {
            return "\(name) is \(value.debugDescription)"
        }
        return nil
    }

    private struct Found: Equatable {
        let index: Int
        let parameters: [String: String]
    }

    /// The route of a target, and what it is given.
    private static func route(_ target: String, _ storage: RequestStorage) -> Found? {
        guard let request = get(Array(target.utf8), storage), case .route(let index) = router.match(storage) else {
            return nil
        }
        var parameters: [String: String] = [:]
        for name in Endpoint.all[index].pathParameters { parameters[name] = request.parameter(name) }
        return Found(index: index, parameters: parameters)
    }

    /// The request for a target; nil where that is refused, or is not a target alone.
    private static func get(_ target: [UInt8], _ storage: RequestStorage = RequestStorage()) -> Request? {
        let head = Array("GET ".utf8) + target + Array(" HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        guard !target.contains(0x20), !target.contains(0x0d),
            (try? HeadParser().parse(head.span, into: storage)) != nil
        else { return nil }
        return Request(storage)
    }
}
