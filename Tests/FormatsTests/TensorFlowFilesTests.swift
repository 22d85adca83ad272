import Formats
import Foundation
import OrderedCollections
import Testing
import TestSupport

/// What of TensorFlow's files is refused, and that damage never traps. What is read is in ``FormatsConformanceTests``.
@Suite struct TensorFlowFilesTests {
    private static let folder = ProjectFiles.root.appending(path: "Tests/Fixtures/conformance/numeric/formats")

    private static func contents(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    private static func code(_ body: () throws -> Void) -> FormatError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? FormatError)?.code
        }
    }

    @Test func recordsAreHeldAgainstLengthAndChecksums() throws {
        let file = try Self.contents("records.tfrecord")
        func code(_ bytes: [UInt8], limit: Int = 1 << 30) throws -> FormatError.Code? {
            Self.code { _ = try TFRecordReader(openFile(bytes), limit: limit).all() }
        }
        #expect(try code(file) == nil)
        #expect(try code([]) == nil)
        for cut in [1, 11, 13, file.count - 1] { #expect(try code(Array(file[..<cut])) == .truncated) }
        // The first record is empty: 16 bytes of which the last four are its own check.
        for place in [0, 8, 12] {
            var damaged = file
            damaged[place] ^= 1
            #expect(try code(damaged) == .malformed, "\(place)")
        }
        #expect(try code(file, limit: 4) == .tooLarge)
        #expect(try code(Array("text that is no record at all".utf8)) == .malformed)
    }

    @Test func damagedCheckpointsAreRefused() throws {
        let index = try Self.contents("dtypes/dtypes.ckpt-1.index")
        let data = try Self.contents("dtypes/dtypes.ckpt-1.data-00000-of-00001")
        let checkpoint = try TensorFlowCheckpoint(index: index)
        for name in ["a/int32", "c/string"] {
            let entry = try #require(checkpoint.entries[name])
            var damaged = data
            damaged[entry.offset + entry.size - 1] ^= 1
            #expect(Self.code { _ = try checkpoint.value(of: entry, in: damaged) } == .malformed)
            let short = Array(data[..<(entry.offset + entry.size - 1)])
            #expect(Self.code { _ = try checkpoint.value(of: entry, in: short) } == .truncated)
        }
        var other = index
        other[3] ^= 1
        #expect(Self.code { _ = try TensorFlowCheckpoint(index: other) } == .malformed)
        #expect(Self.code { _ = try TensorFlowCheckpoint(index: Array(index[..<40])) } == .truncated)
        #expect(Self.code { _ = try TensorFlowCheckpoint(index: data) } == .malformed)
    }

    @Test(arguments: [UInt64.random(in: .min ... .max), 5])
    func damageNeverTraps(seed: UInt64) throws {
        print("TensorFlow's files of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let records = try TFRecordReader(OpenFile(path: Self.folder.appending(path: "records.tfrecord").path)).all()
        let events = try TFRecordReader(
            OpenFile(path: Self.folder.appending(path: "events.out.tfevents.1700000000.v1").path)
        ).all()
        let index = try Self.contents("model/model.ckpt-7.index")
        for _ in 0..<300 {
            for bytes in records + events {
                let mutated = bytes.mutated(&random)
                _ = try? TFExample(parsing: mutated)
                _ = try? TensorBoardEvent(parsing: mutated)
            }
            _ = try? TensorFlowCheckpoint(index: index.mutated(&random))
        }
    }
}
