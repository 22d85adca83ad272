import Datasets
import Formats
import TestSupport
import Testing

/// What a source gets that reads one record at a time, and what follows from a layout.
@Suite struct RecordSourceTests {
    /// Records of the bytes `record, record + 1, …`, and a label that is the record's number modulo ten.
    private struct Counting: RecordSource {
        let count: Int
        let layout: RecordLayout
        /// A label of its own.
        var wrong: (record: Int, label: UInt8)?
        /// A record that can't be read.
        var unreadable: Int?

        init(_ count: Int, width: Int) {
            self.count = count
            layout = RecordLayout(
                elements: [
                    ElementSpec(name: "x", type: .uint8, shape: [width]),
                    ElementSpec(name: "y", type: .uint8, shape: []),
                ], featureCount: 1)
        }

        func read(record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
            if buffer.count != layout.elements[element].byteCount {
                Issue.record("the buffer has \(buffer.count) bytes")
            }
            if record == unreadable { throw DatasetError(.unreadable, .root, "record \(record) can't be read") }
            if element == 1 {
                buffer[0] = wrong?.record == record ? wrong?.label ?? 0 : UInt8(record % 10)
            } else {
                for index in buffer.indices { buffer[index] = UInt8(truncatingIfNeeded: record + index) }
            }
        }
    }

    @Test func aLayoutCounts() {
        let spec = ElementSpec(name: "x", type: .float32, shape: [3, 2])
        #expect(spec.byteCount == 24 && spec.count == 6)
        #expect(ElementSpec(name: "s", type: .float64, shape: []).count == 1)
        #expect(ElementSpec(name: "n", type: .float64, shape: [0, 4]).byteCount == 0)
        let layout = RecordLayout(
            elements: [spec, ElementSpec(name: "y", type: .uint8, shape: [])], featureCount: 1)
        #expect(layout.recordBytes == 25)
        #expect(layout.features.map(\.name) == ["x"] && layout.labels.map(\.name) == ["y"])
        #expect(RecordLayout(elements: [spec], featureCount: 0).labels.count == 1)
        #expect(RecordLayout(elements: [spec], featureCount: 1).labels.isEmpty)
        let weighted = RecordLayout(elements: layout.elements + [spec, spec], featureCount: 1, weightCount: 2)
        #expect(weighted.labels.map(\.name) == ["y"] && weighted.labelRange == 1..<2)
        #expect(weighted.weights.map(\.name) == ["x", "x"] && layout.weights.isEmpty)
    }

    /// Runs and chosen records are as many single ones.
    @Test func runsAndChoicesAreMadeOfSingleReads() throws {
        let source = Counting(20, width: 3)
        #expect(try filledBytes(6) { try source.read(records: 4..<6, element: 0, into: $0) } == [4, 5, 6, 5, 6, 7])
        #expect(try filledBytes(0) { try source.read(records: 4..<4, element: 0, into: $0) } == [])
        #expect(try filledBytes(6) { try source.gather([9, 2], element: 0, into: $0) } == [9, 10, 11, 2, 3, 4])
        #expect(try filledBytes(2) { try source.gather([7, 13, 8][1...], element: 1, into: $0) } == [3, 8])
        #expect(try filledBytes(0) { try source.gather([], element: 1, into: $0) } == [])
        #expect(try filledBytes(0) { try Counting(20, width: 0).read(records: 0..<9, element: 0, into: $0) } == [])
        #expect(source.places == [RecordLocations(), RecordLocations()])
        var broken = source
        broken.unreadable = 5
        #expect(throws: DatasetError(.unreadable, .root, "record 5 can't be read")) {
            try filledBytes(6) { try broken.read(records: 4..<6, element: 0, into: $0) }
        }
    }

    /// Labels are read in pieces: the first, the last and those at the pieces' edges are found by their rows.
    @Test func aWrongLabelIsFoundWhereverItIs() throws {
        let count = (1 << 18) * 2 + 3
        var source = Counting(count, width: 1)
        #expect(try source.firstWrongLabel(classes: 10, element: 1) == nil)
        for record in [0, (1 << 18) - 1, 1 << 18, count - 1] {
            source.wrong = (record, 77)
            let wrong = try #require(try source.firstWrongLabel(classes: 10, element: 1))
            #expect(wrong.place == "row \(record + 1)" && wrong.value == "77" && wrong.isWhole)
        }
    }

    @Test func nothingIsWrongWithNothing() throws {
        #expect(try Counting(0, width: 1).firstWrongLabel(classes: 1, element: 1) == nil)
        #expect(try Counting(5, width: 0).firstWrongLabel(classes: 1, element: 0) == nil)
        var broken = Counting(5, width: 1)
        broken.unreadable = 3
        #expect(throws: DatasetError(.unreadable, .root, "record 3 can't be read")) {
            try broken.firstWrongLabel(classes: 10, element: 1)
        }
    }
}
