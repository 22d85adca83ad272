import Datasets
import Formats
import Testing

@Suite struct MemorySourceTests {
    private static let source = MemorySource(
        [
            (name: "x", array: NDArray([1, 2, 3, 4, 5, 6, 7, 8] as [UInt8], shape: [4, 2])),
            (name: "y", array: NDArray([10, 20, 30, 40] as [Int16])),
            (name: "none", array: NDArray([] as [Float], shape: [4, 0])),
        ], featureCount: 1)

    @Test func theFirstDimensionCountsRecords() {
        #expect(Self.source.count == 4)
        #expect(
            Self.source.layout.elements == [
                ElementSpec(name: "x", type: .uint8, shape: [2]), ElementSpec(name: "y", type: .int16, shape: []),
                ElementSpec(name: "none", type: .float32, shape: [0]),
            ])
        #expect(Self.source.layout.features.map(\.name) == ["x"])
        #expect(MemorySource([], featureCount: 0).count == 0)
    }

    @Test func recordsAreCopied() throws {
        #expect(try filledBytes(2) { try Self.source.read(record: 2, element: 0, into: $0) } == [5, 6])
        #expect(try filledBytes(4) { try Self.source.read(records: 1..<3, element: 0, into: $0) } == [3, 4, 5, 6])
        #expect(try filledBytes(4) { try Self.source.read(records: 2..<4, element: 1, into: $0) } == [30, 0, 40, 0])
        #expect(try filledBytes(0) { try Self.source.read(records: 1..<1, element: 0, into: $0) } == [])
        #expect(try filledBytes(0) { try Self.source.read(records: 0..<4, element: 2, into: $0) } == [])
    }

    @Test func chosenRecordsAreCopiedInTheirOrder() throws {
        #expect(try filledBytes(6) { try Self.source.gather([3, 0, 3], element: 0, into: $0) } == [7, 8, 1, 2, 7, 8])
        #expect(
            try filledBytes(4) { try Self.source.gather([9, 1, 0, 9][1...2], element: 1, into: $0) } == [20, 0, 10, 0])
        #expect(try filledBytes(0) { try Self.source.gather([], element: 0, into: $0) } == [])
        #expect(try filledBytes(0) { try Self.source.gather([1, 2], element: 2, into: $0) } == [])
    }

    /// Places are known for every array or for none.
    @Test func placesAreOnesOfEveryArray() {
        let arrays = [(name: "x", array: NDArray([1] as [Float])), (name: "y", array: NDArray([2] as [Float]))]
        let places = [RecordLocations(file: "a"), RecordLocations(file: "b")]
        #expect(MemorySource(arrays, featureCount: 1, places: places).places == places)
        #expect(
            MemorySource(arrays, featureCount: 1, places: [places[0]]).places
                == [RecordLocations(), RecordLocations()])
        #expect(MemorySource(arrays, featureCount: 1).places == [RecordLocations(), RecordLocations()])
    }
}
