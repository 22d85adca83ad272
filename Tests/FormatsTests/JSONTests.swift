import Formats
import OrderedCollections
import Testing

@Suite struct JSONTests {
    @Test func comparesMembersInAnyOrder() {
        let left: JSON = ["a": 1, "b": [true]]
        let right: JSON = ["b": [true], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": [true], "c": nil])
    }

    @Test func changesMembers() {
        var json: JSON = ["a": 1]
        json["b"] = "x"
        json["a"] = nil
        #expect(json == ["b": "x"])
    }

    @Test func isSmallInMemory() {
        #expect(MemoryLayout<JSON>.stride <= 24)
    }
}
