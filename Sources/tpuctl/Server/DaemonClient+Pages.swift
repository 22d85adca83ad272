import API
import Formats

extension DaemonClient {
    /// A list that the server gives page by page, put together until there are as many elements as were asked for.
    ///
    /// - Parameters:
    ///   - parameters: The query, but for `limit` and `page_token`.
    ///   - elements: Where a page has its elements.
    ///   - next: Where it says what to ask for the next one with.
    ///   - limit: How many elements.
    func pages<Page: WireValue, Element>(
        of path: String, query parameters: [(String, String?)] = [], elements: WritableKeyPath<Page, [Element]>,
        next: WritableKeyPath<Page, String?>, limit: Int
    ) throws -> Answer<Page> {
        func page(_ count: Int, _ token: String?) throws -> Page {
            let size = [("limit", Optional("\(min(500, max(1, limit - count)))"))]
            return try get(Self.target(path, size + parameters + [("page_token", token)]), Page.self).view
        }
        var all = try page(0, nil)
        while let token = all[keyPath: next], all[keyPath: elements].count < limit {
            let more = try page(all[keyPath: elements].count, token)
            all[keyPath: elements] += more[keyPath: elements]
            all[keyPath: next] = more[keyPath: next]
        }
        return Answer(json: all.wire, view: all)
    }
}
