import Formats
import Foundation
import OrderedCollections
import TestSupport
import Testing

/// Files as TensorFlow writes them (`numeric/formats.json`): checksums, records, examples, events, checkpoints.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/formats.json"), "\(ProjectFiles.noCases)"))
struct FormatsConformanceTests {
    private static let folder = ProjectFiles.conformance.appending(path: "numeric")

    private static func suite() throws -> JSON {
        try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: "formats.json"))))
    }

    private static func bytes(_ base64: JSON?) throws -> [UInt8] {
        let text = try #require(base64?.string)
        return [UInt8](try #require(Data(base64Encoded: text)))
    }

    private static func file(_ name: JSON?) throws -> OpenFile {
        try OpenFile(path: folder.appending(path: try #require(name?.string)).path)
    }

    /// One file or one value is one case.
    @Test func everyCaseIsRead() throws {
        let suite = try Self.suite()
        var ran = 0
        for one in suite["crc32c"]?.array ?? [] {
            try checksum(one)
            ran += 1
        }
        for one in suite["tfrecord"]?.array ?? [] {
            try records(one)
            ran += 1
        }
        if let one = suite["example_proto"] {
            try example(one)
            ran += 1
        }
        for one in suite["events"]?.array ?? [] {
            try events(one)
            ran += 1
        }
        for one in suite["checkpoints"]?.array ?? [] {
            try checkpoint(one)
            ran += 1
        }
        #expect(ran == suite["case_count"]?.int)
        print("conformance formats: \(ran) cases run")
    }

    private func checksum(_ one: JSON) throws {
        let bytes = try Self.bytes(one["base64"])
        #expect(bytes.count == one["length"]?.int)
        #expect(Int(CRC32C(bytes).value) == one["crc32c"]?.int, "\(one["name"] ?? .null)")
        #expect(Int(CRC32C(bytes).masked) == one["masked"]?.int, "\(one["name"] ?? .null)")
    }

    private func records(_ one: JSON) throws {
        let expected = try #require(one["records_base64"]?.array).map(Self.bytes)
        #expect(try TFRecordReader(Self.file(one["file"])).all() == expected, "\(one["file"] ?? .null)")
    }

    private func example(_ one: JSON) throws {
        let example = try TFExample(parsing: Self.bytes(one["serialized_base64"]))
        let expected = try #require(one["features"]?.object)
        #expect(Set(example.features.keys) == Set(expected.keys))
        for (name, list) in expected {
            let feature: TFExample.Feature
            if let floats = list["float_list"]?.array {
                feature = .floats(floats.compactMap(\.double).map { Float($0) })
            } else if let integers = list["int64_list"]?.array {
                feature = .integers(integers.compactMap(\.int).map { Int64($0) })
            } else if let strings = list["bytes_list_base64"]?.array {
                feature = .bytes(try strings.map(Self.bytes))
            } else {
                feature = .none
            }
            #expect(example.features[name] == feature, "\(name)")
        }
    }

    private func events(_ one: JSON) throws {
        let name = one["file"] ?? .null
        var events = try TFRecordReader(Self.file(name)).all().map { try TensorBoardEvent(parsing: $0) }
        let first = try #require(events.first)
        #expect(first.fileVersion == one["first_event"]?["file_version"]?.string, "\(name)")
        #expect(first.sourceWriter == one["first_event"]?["source_writer"]?.string, "\(name)")
        events.removeFirst()
        let expected = try #require(one["events"]?.array)
        #expect(events.count == expected.count, "\(name)")
        for (event, wanted) in zip(events, expected) {
            #expect(Int(event.step) == wanted["step"]?.int, "\(name)")
            if let time = wanted["wall_time"]?.double { #expect(event.wallTime == time, "\(name)") }
            var scalars: [TensorBoardEvent.Scalar] = []
            for value in try #require(wanted["values"]?.array) {
                let number = value["simple_value"]?.double ?? value["tensor"]?.double
                scalars.append(
                    TensorBoardEvent.Scalar(
                        tag: try #require(value["tag"]?.string), value: Float(try #require(number)),
                        plugin: value["plugin"]?.string ?? ""))
            }
            #expect(event.scalars == scalars, "\(name)")
        }
    }

    private func checkpoint(_ one: JSON) throws {
        let prefix = try #require(one["prefix"]?.string)
        func contents(_ path: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: Self.folder.appending(path: path)))
        }
        let checkpoint = try TensorFlowCheckpoint(index: contents(prefix + ".index"))
        #expect(checkpoint.shards == 1)
        let data = try contents(checkpoint.dataFile(0, prefix: prefix))
        let expected = try #require(one["entries"]?.array)
        #expect(Array(checkpoint.entries.keys) == expected.compactMap { $0["name"]?.string })
        for wanted in expected {
            let name = try #require(wanted["name"]?.string)
            let entry = try #require(checkpoint.entries[name])
            #expect(entry.type == wanted["tf_dtype"]?.int, "\(name)")
            #expect(entry.shape == wanted["shape"]?.array?.compactMap(\.int), "\(name)")
            #expect(entry.offset == wanted["offset"]?.int, "\(name)")
            #expect(entry.size == wanted["size"]?.int, "\(name)")
            #expect(Int(entry.checksum) == wanted["crc32c_stored"]?.int, "\(name)")
            switch try checkpoint.value(of: entry, in: data) {
            case .strings(let strings):
                #expect(strings == (try #require(wanted["strings_base64"]?.array).map(Self.bytes)), "\(name)")
            case .array(let array):
                #expect(array.shape == entry.shape, "\(name)")
                #expect(array.bytes == (try Self.bytes(wanted["raw_base64"])), "\(name)")
            }
        }
    }
}
