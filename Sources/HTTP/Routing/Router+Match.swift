import HTTPTypes

extension Router {
    /// What was found for a method and a path.
    package enum Match {
        /// The index of a route.
        case route(Int)
        /// OPTIONS of a path without a route for it: the methods that are allowed.
        case options(allow: String)
        /// 404, 405, 501, or 400 for a path that cannot be decoded.
        case error(HTTPError)
    }

    /// Finds the route of a request; the parameters' values go to `storage.parameters`.
    package func match(_ storage: RequestStorage) -> Match {
        let method = storage.method
        if storage.path.count == 1, storage.head[storage.path.lowerBound] == 0x2a { return .options(allow: allow) }
        var values: [Range<Int>] = []
        guard let node = find(storage.head, storage.path.lowerBound + 1, storage.path.upperBound, 0, &values) else {
            return .error(undecodable(storage) ?? HTTPError(.notFound, "there is nothing at this path"))
        }
        guard let index = nodes[node].route(for: method) else { return missing(method, node) }
        guard decode(values, names: parameterNames[index], storage) else { return .error(Self.badSegment) }
        return .route(index)
    }

    /// The node below `node` that has routes for the segments from `start` on. Literal segments win over parameters.
    private func find(
        _ head: [UInt8], _ start: Int, _ end: Int, _ node: Int, _ values: inout [Range<Int>]
    ) -> Int? {
        var stop = start
        var encoded = false
        while stop < end, head[stop] != 0x2f {
            encoded = encoded || head[stop] == 0x25
            stop += 1
        }
        let segment = start..<stop
        for literal in nodes[node].literals where Self.equal(head, segment, literal.segment, encoded: encoded) {
            if stop == end, !nodes[literal.node].routes.isEmpty { return literal.node }
            if stop < end, let found = find(head, stop + 1, end, literal.node, &values) { return found }
        }
        guard let parameter = nodes[node].parameter, !segment.isEmpty else { return nil }
        values.append(segment)
        if stop == end, !nodes[parameter].routes.isEmpty { return parameter }
        if stop < end, let found = find(head, stop + 1, end, parameter, &values) { return found }
        values.removeLast()
        return nil
    }

    private static func equal(_ head: [UInt8], _ segment: Range<Int>, _ literal: [UInt8], encoded: Bool) -> Bool {
        if encoded {
            guard let text = PercentCoding.decoded(head[segment]) else { return false }
            return text.utf8.elementsEqual(literal)
        }
        guard segment.count == literal.count else { return false }
        for offset in 0..<literal.count where head[segment.lowerBound + offset] != literal[offset] { return false }
        return true
    }

    private func decode(_ values: [Range<Int>], names: [String], _ storage: RequestStorage) -> Bool {
        for (name, range) in zip(names, values) {
            guard let value = Self.segment(storage.head[range]) else { return false }
            storage.parameters.append(PathParameter(name: name, value: value))
        }
        return true
    }

    /// A decoded segment that no file system or log would misread: no slash, backslash, control character, dot segment.
    private static func segment(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let text = PercentCoding.decoded(bytes), text != ".", text != ".." else { return nil }
        let isBad = text.unicodeScalars.contains {
            $0.value < 0x20 || $0.value == 0x7f || $0 == "/" || $0 == "\\"
        }
        return isBad ? nil : text
    }

    private func undecodable(_ storage: RequestStorage) -> HTTPError? {
        let path = storage.head[storage.path]
        guard path.contains(0x25), PercentCoding.decoded(path) == nil else { return nil }
        return HTTPError(.badTarget, "the path is not UTF-8 text")
    }

    private static let badSegment = HTTPError(.badTarget, "a part of the path is not a name")

    /// Methods that HTTP has, whatever the routes have: QUERY is that of draft-ietf-httpbis-safe-method-w-body.
    private static let known: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .trace] + [HTTPRequest.Method("QUERY")].compactMap(\.self)

    /// The answer for a method that a known path does not have.
    private func missing(_ method: HTTPRequest.Method, _ node: Int) -> Match {
        let allow = nodes[node].allow
        if method == .options { return .options(allow: allow) }
        guard Self.known.contains(method) || routes.contains(where: { $0.method == method }) else {
            return .error(HTTPError(.notImplemented, "this server does not know this method", fields: [.allow: allow]))
        }
        return .error(
            HTTPError(.methodNotAllowed, "this path allows \(allow)", fields: [.allow: allow]))
    }
}
