import API
import Testing

@Suite struct AcceptFieldTests {
    @Test(
        arguments: [
            (nil, 1_000), ("*/*", 1_000), ("application/json", 1_000), ("application/*;q=0.5", 500),
            ("application/json;q=0", 0), ("*/*, application/json;q=0", 0), ("application/json;q=0, */*", 0),
            ("text/event-stream", 0), ("text/event-stream, application/json;q=0.1", 100), ("text/*", 0), ("", 0),
            ("APPLICATION/JSON ; Q=0.25", 250), ("application/json;q=1.000", 1_000), ("*/*;q=0.001", 1),
            // More than the type says, so not this type.
            ("application/json;version=2", 0), ("application/json;version=2, */*;q=0.3", 300),
            ("text/plain;a=\",application/json\", application/json;q=0.7", 700),
            // Malformed elements are left out.
            ("application/json;q=2", 0), ("application/json;q=0.1234", 0), ("application/json;q=1.001", 0),
            ("json, application/json", 1_000), ("*/json", 0), (",, application/json ,", 1_000),
        ] as [(String?, Int)]) func theMostSpecificRangeSays(field: String?, weight: Int)
    {
        #expect(AcceptField(field).weight(of: "application/json") == weight, "\(field ?? "none")")
    }

    /// Of JSON and a stream: what is wanted most, then what is named, then JSON.
    @Test func theTypeThatIsWantedMostIsChosen() {
        let (json, stream) = ("application/json", "text/event-stream")
        let cases: [(String?, String?)] = [
            (nil, json), ("*/*", json), (stream, stream), ("\(stream), */*", stream), ("\(json), \(stream)", json),
            ("\(stream);q=0.1, \(json)", json), ("\(stream), \(json);q=0.1", stream), ("text/*", stream),
            ("\(json);q=0.5, \(stream);q=0.6", stream), ("\(stream);q=0, */*", json), ("text/plain", nil),
            ("*/*;q=0", nil), ("text/html, */*;q=0.8", json),
        ]
        for (field, choice) in cases {
            #expect(AcceptField(field).choice(among: [json, stream]) == choice, "\(field ?? "none")")
        }
    }
}
