import API
import Testing

@Suite struct EventSelectionTests {
    private static func selection(
        _ query: [(String, String)], lastEventID: String? = nil, isStream: Bool
    ) throws -> EventSelection {
        try EventSelection(
            QueryValues(query.map { (name: $0.0, value: $0.1) }, of: Endpoint.of(.listEvents).query),
            lastEventID: lastEventID, isStream: isStream)
    }

    @Test func whereTheEventsBegin() throws {
        #expect(try Self.selection([], isStream: false).start == .after(0))
        #expect(try Self.selection([], isStream: true).start == .after(0))
        #expect(try Self.selection([("after_seq", "7")], isStream: false).start == .after(7))
        #expect(try Self.selection([("tail", "7")], isStream: true).start == .last(7))
        // Who reconnects sends the first address again.
        #expect(try Self.selection([("after_seq", "7")], lastEventID: "9", isStream: true).start == .after(9))
        #expect(try Self.selection([("tail", "0")], lastEventID: "9", isStream: true).start == .after(9))
        #expect(try Self.selection([("tail", "3")], lastEventID: "", isStream: true).start == .last(3))
        // The field has no meaning for a page.
        #expect(try Self.selection([], lastEventID: "x", isStream: false).start == .after(0))
    }

    @Test func howManyAPageHas() throws {
        for (limit, most) in [(nil, 1_000), ("1", 1), ("10000", 10_000), ("10001", 10_000)] as [(String?, Int)] {
            #expect(try Self.selection(limit.map { [("limit", $0)] } ?? [], isStream: false).limit == most)
        }
    }

    @Test func whatContradictsItselfIsRefused() {
        func code(_ query: [(String, String)], _ id: String? = nil, _ isStream: Bool) -> String {
            do {
                _ = try Self.selection(query, lastEventID: id, isStream: isStream)
                return "none"
            } catch {
                return (error as? Problem)?.code ?? "\(error)"
            }
        }
        #expect(code([("tail", "1"), ("after_seq", "1")], nil, false) == "BAD_PARAMETER")
        #expect(code([("limit", "5")], nil, true) == "BAD_PARAMETER")
        for id in ["x", "-1", "+1", "01", "1.5", "9223372036854775808"] {
            #expect(code([], id, true) == "BAD_REQUEST", "\(id)")
        }
    }
}
