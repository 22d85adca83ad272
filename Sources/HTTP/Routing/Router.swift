import HTTPTypes

/// Finds the route of a request: a tree of path segments, literal ones before parameters.
package struct Router: Sendable {
    struct Node {
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [(method: HTTPRequest.Method, route: Int)] = []
        var allow = ""

        /// The route of a method; GET's for HEAD.
        func route(for method: HTTPRequest.Method) -> Int? {
            for entry in routes where entry.method == method { return entry.route }
            guard method == .head else { return nil }
            for entry in routes where entry.method == .get { return entry.route }
            return nil
        }
    }

    /// The routes, as given.
    package let routes: [Route]
    private(set) var nodes: [Node] = [Node()]
    let parameterNames: [[String]]
    /// Every method of any route, for `OPTIONS *`.
    let allow: String

    /// A router. Two routes with the same method and path shape are a mistake of the program.
    package init(_ routes: [Route]) {
        self.routes = routes
        var names: [[String]] = []
        for route in routes {
            precondition(route.template.hasPrefix("/"), "a path template begins with a slash: \(route.template)")
            names.append(
                route.template.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
                    .filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) })
        }
        parameterNames = names
        allow = Self.allowed(routes.map(\.method))
        for index in routes.indices { insert(index) }
        for index in nodes.indices where !nodes[index].routes.isEmpty {
            nodes[index].allow = Self.allowed(nodes[index].routes.map(\.method))
        }
    }

    private mutating func insert(_ index: Int) {
        let route = routes[index]
        var node = 0
        for segment in route.template.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            node = child(of: node, for: segment, in: route.template)
        }
        precondition(
            !nodes[node].routes.contains { $0.method == route.method },
            "two routes for \(route.method) \(route.template)")
        nodes[node].routes.append((route.method, index))
    }

    /// The node below `node` for one segment of a template, made when it is not there.
    private mutating func child(of node: Int, for segment: Substring, in template: String) -> Int {
        if segment.hasPrefix("{") {
            precondition(segment.hasSuffix("}"), "a parameter is a whole segment: \(template)")
            if let known = nodes[node].parameter { return known }
            nodes[node].parameter = nodes.count
        } else {
            let bytes = Array(segment.utf8)
            if let known = nodes[node].literals.first(where: { $0.segment == bytes }) { return known.node }
            nodes[node].literals.append((bytes, nodes.count))
        }
        nodes.append(Node())
        return nodes.count - 1
    }

    /// An Allow field's value: HEAD with GET, OPTIONS always (RFC 9110 section 10.2.1).
    static func allowed(_ methods: [HTTPRequest.Method]) -> String {
        var words: [String] = []
        for method in methods where !words.contains(method.rawValue) {
            words.append(method.rawValue)
            if method == .get { words.append("HEAD") }
        }
        if !words.contains("OPTIONS") { words.append("OPTIONS") }
        return words.sorted().joined(separator: ", ")
    }
}
