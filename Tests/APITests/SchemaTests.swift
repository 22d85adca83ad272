import API
import Formats
import OrderedCollections
import Testing

/// The pieces of which the schemas of views are made, seen in the views that use them.
@Suite struct SchemaTests {
    private static func member(_ name: String, of schema: JSON) throws -> JSON {
        try #require(schema["properties"]?[name], "\(name)")
    }

    @Test func whatMayBeNullSaysSo() throws {
        let text = try Self.member("state_reason", of: JobView.schema)
        #expect(text["type"] == ["string", "null"])
        let time = try Self.member("started_at", of: JobView.schema)
        #expect(time["type"] == ["string", "null"])
        #expect(time["format"]?.string == "date-time")
        // A list of words has no room for null: it is one of two schemas then.
        let word = try Self.member("from", of: EventView.schema)
        let choices = try #require(word["oneOf"]?.array)
        #expect(choices.count == 2)
        #expect(choices[0]["enum"]?.array?.contains("QUEUED") == true)
        #expect(choices[1] == ["type": "null"])
        let object = try Self.member("placement", of: JobView.schema)
        #expect(object["type"] == ["object", "null"])
    }

    @Test func anObjectNeedsAllOfItsMembers() throws {
        let schema = TopologyView.schema
        #expect(schema["type"]?.string == "object")
        #expect(schema["required"] == ["pod", "hosts"])
        let host = try #require(try Self.member("hosts", of: schema)["items"])
        #expect(host["required"] == ["host", "state", "cores"])
    }

    @Test func aListNamesItsElements() throws {
        let jobs = try Self.member("jobs", of: JobPage.schema)
        #expect(jobs["type"]?.string == "array")
        #expect(jobs["items"]?["$ref"]?.string == "#/components/schemas/Job")
    }

    /// Only the specification may be missing: lists leave it out.
    @Test func aJobNeedsEverythingButItsSpecification() throws {
        let required = try #require(JobView.schema["required"]?.array).compactMap(\.string)
        let properties = try #require(JobView.schema["properties"]?.object)
        #expect(Set(properties.keys).subtracting(required) == ["spec"])
    }
}
