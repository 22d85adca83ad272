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

@Suite struct EntityTagListTests {
    @Test(arguments: [
        ("\"7\"", true), ("W/\"7\"", true), ("*", true), (" * ", true), ("\"6\", \"7\"", true),
        ("\"6\" , W/\"7\" ", true),
        ("\"6\",,\"7\"", true), ("\"6,\"7\"", false), ("7", false), ("\"77\"", false), ("\"7", false), ("", false),
        ("\"6\" \"7\"", false), ("w/\"7\"", false), ("\"6,7\"", false), ("*, \"8\"", false), ("\"7 \"", false),
    ]) func ifNoneMatchIsAListOfTags(field: String, matches: Bool) {
        #expect(EntityTag.ifNoneMatch(field, names: 7) == matches, "\(field)")
    }

    @Test func aCommaInsideTheQuotesBelongsToTheTag() {
        #expect(
            EntityTag.list("\"a,b\", W/\"c\"")
                == [EntityTag(opaque: "a,b", isWeak: false), EntityTag(opaque: "c", isWeak: true)])
    }

    @Test(arguments: [
        ("\"x\"", true), ("W/\"x\"", false), ("\"x\", \"x\"", false), ("*", false),
        ("Sun, 06 Nov 1994 08:49:37 GMT", false),
        ("x", false),
    ]) func ifRangeIsOneStrongTag(field: String, matches: Bool) {
        #expect(EntityTag.ifRange(field, names: "x") == matches, "\(field)")
    }
}

@Suite struct DecimalNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("10", 10), ("-3", -3), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
            ("+10", nil),
            ("010", nil), (" 1", nil), ("1 ", nil), ("", nil), ("-", nil), ("-0", nil), ("00", nil), ("1e3", nil),
            ("0x1", nil), ("\u{0661}", nil),
        ] as [(String, Int?)]) func thereIsOneWayToWriteEach(text: String, number: Int?)
    {
        #expect(DecimalNumber.parse(text) == number)
    }
}
