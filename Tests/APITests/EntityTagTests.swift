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
}
