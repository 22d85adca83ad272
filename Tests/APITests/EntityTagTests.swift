import API
import Testing

@Suite struct EntityTagTests {
    @Test(arguments: [
        ("\"7\"", true, true), ("W/\"7\"", true, false), ("*", true, true), ("\"6\", \"7\"", true, true),
        ("\"6\",\tW/\"7\" ", true, false), ("\"8\"", false, false), ("7", false, false), ("", false, false),
        ("\"77\"", false, false), ("w/\"7\"", false, false),
    ])
    func matches(field: String, ifNoneMatch: Bool, ifMatch: Bool) {
        #expect(EntityTag.of(version: 7) == "\"7\"")
        #expect(EntityTag.ifNoneMatch(field, names: 7) == ifNoneMatch)
        #expect(EntityTag.ifMatch(field, names: 7) == ifMatch)
    }

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
