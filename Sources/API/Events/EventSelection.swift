package import HTTPTypes

/// Which events a request asks for, as its query and its fields say.
package struct EventSelection: Hashable, Sendable {
    /// Where they begin.
    package enum Start: Hashable, Sendable {
        /// With the first one whose number is above this.
        case after(Int)
        /// So many before the end.
        case last(Int)
    }

    /// Events of one page unless a request says how many.
    package static let usualLimit = 1_000
    /// Events of one page at most.
    package static let largestLimit = 10_000

    /// Where they begin.
    package var start: Start
    /// How many a page has at most.
    package var limit: Int

    /// Reads `after_seq`, `tail`, `limit` and the field `Last-Event-ID`, which a client that reconnects
    /// sends to the address
    /// that it began with: so it comes before the query.
    ///
    /// - Throws: `Problem` of 400 for what contradicts itself or has no meaning.
    package init(_ query: QueryValues, lastEventID: String?, isStream: Bool) throws(Problem) {
        if query.integer("tail") != nil, query.integer("after_seq") != nil {
            throw Self.fault("tail", "tail and after_seq both say where the events begin: give one of them")
        }
        if isStream, query.integer("limit") != nil {
            throw Self.fault("limit", "limit is for a page: a stream goes on until it is closed")
        }
        limit = min(Self.largestLimit, query.integer("limit") ?? Self.usualLimit)
        if isStream, let lastEventID, !lastEventID.isEmpty {
            guard let seq = StrictInteger.parse(lastEventID), seq >= 0 else {
                throw Problem(.badRequest, detail: "Last-Event-ID must be the number of an event, as its id said")
            }
            start = .after(seq)
        } else if let count = query.integer("tail") {
            start = .last(count)
        } else {
            start = .after(query.integer("after_seq") ?? 0)
        }
    }

    private static func fault(_ parameter: String, _ detail: String) -> Problem {
        Problem(.badParameter, detail: detail, errors: [.init(parameter: parameter, detail: detail)])
    }
}

extension HTTPField.Name {
    /// `Last-Event-ID`: the id of the last event that a client has (WHATWG HTML, section 9.2.4).
    package static let lastEventID = HTTPField.Name(known: "Last-Event-ID")
    /// `X-Accel-Buffering: no` keeps nginx from collecting an answer before it hands it on.
    package static let accelBuffering = HTTPField.Name(known: "X-Accel-Buffering")
}
