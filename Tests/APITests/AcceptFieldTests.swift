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
}
