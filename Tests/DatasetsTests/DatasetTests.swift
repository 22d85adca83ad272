import Datasets
import Formats
import OrderedCollections
import Testing

@Suite struct DatasetTests {
    private func dataset(_ count: Int, repeats: Int? = 1) throws -> Dataset {
        try InputPipeline(
            source: .synthetic(.init(type: .uint8, shape: [3], labels: .classes(10), examples: count, seed: 5)),
            repeatCount: repeats
        ).open(DataRoots([]))
    }

    @Test func tellsWhatItHolds() throws {
        let data = try dataset(10, repeats: 3)
        #expect(data.count == 10)
        #expect(data.layout.elements.map(\.name) == ["features", "labels"])
        #expect(data.batchCount(ofSize: 4) == 7)
    }

    /// A position goes on with the batch after it, whatever the rows.
    @Test func batchesBeginAtTheirPosition() throws {
        let data = try dataset(10)
        let whole = try data.batches(ofSize: 3)
        _ = try whole.next()
        let second = try #require(try whole.next())
        let from = StreamPosition(batches: 1, records: 10)
        #expect(try data.batches(ofSize: 3, from: from).next() == second)
        let row = try #require(try data.batches(ofSize: 3, rows: 2..<3, from: from).next())
        #expect(row[0].bytes == Array(second[0].bytes[6..<9]))
        #expect(try data.batches(ofSize: 3, rows: 1..<1, from: from).next()?.map(\.shape) == [[0, 3], [0]])
        #expect(try data.batches(ofSize: 2, from: StreamPosition(batches: 1 << 40)).next() == nil)
    }

    @Test func aPositionOfAnotherSourceIsRefused() throws {
        let data = try dataset(10)
        let other = #expect(throws: DatasetError.self) {
            try data.batches(ofSize: 2, from: StreamPosition(batches: 1, records: 11))
        }
        #expect(other?.code == .invalidPosition && other?.pointer.description == "/source")
        #expect(other?.detail == "has 10 records, but had 11 when its position was saved")
        for batches in [-1, .min, .max, Int.max / 4] {
            let error = #expect(throws: DatasetError.self) {
                try data.batches(ofSize: 2, from: StreamPosition(batches: batches))
            }
            #expect(error?.code == .invalidPosition && error?.detail == "has no batch \(batches)")
        }
        // The last that is taken does not overflow on the way to its records' numbers.
        let endless = try dataset(10, repeats: nil).batches(
            ofSize: 2, from: StreamPosition(batches: Int.max / 4 - 1))
        #expect(try endless.next()?.map(\.shape) == [[2, 3], [2]])
    }

    /// The labels are looked at one after another, the features are not.
    @Test func everyLabelIsHeldAgainstTheClasses() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "d.safetensors",
            Safetensors(tensors: [
                "x": NDArray([9, 9] as [UInt8]), "y": NDArray([0, 1] as [UInt8]), "z": NDArray([2, 3] as [Int64]),
            ]).serialized())
        func wrong(_ labels: [String], _ classes: Int) throws -> String? {
            try InputPipeline(source: .safetensors(path: "d.safetensors", features: ["x"], labels: labels))
                .open(DataRoots([folder.path])).firstWrongLabel(classes: classes)?.description
        }
        #expect(try wrong(["y", "z"], 4) == nil)
        #expect(
            try wrong(["y", "z"], 3)
                == "the label of row 2 of d.safetensors is 3, but there are 3 classes (0 to 2)")
        #expect(
            try wrong(["y", "z"], 1) == "the label of row 2 of d.safetensors is 1, but there is 1 class (0)")
        #expect(try wrong([], 1) == nil)
    }

    /// Labels that are made up are below as many classes as there are: to read four thousand million of them would take
    /// minutes.
    @Test func labelsThatAreMadeUpAreNotRead() throws {
        let made = SyntheticDefinition(
            type: .uint8, shape: [1], labels: .classes(3), examples: Int(UInt32.max) - 1, seed: 1)
        let data = try InputPipeline(source: .synthetic(made)).open(DataRoots([]))
        #expect(try data.firstWrongLabel(classes: 3) == nil)
        #expect(try data.firstWrongLabel(classes: 3, element: 1) == nil)
        #expect(try data.firstWrongLabel(classes: 2)?.value == "2")
        // Features are no labels, whatever they hold.
        #expect(try data.firstWrongLabel(classes: 3, element: 0) != nil)
        // A map that makes vectors of them is gone through.
        let few = SyntheticDefinition(type: .uint8, shape: [1], labels: .classes(3), examples: 12, seed: 1)
        let vectors = try InputPipeline(source: .synthetic(few), map: [.oneHot(3)]).open(DataRoots([]))
        #expect(try vectors.firstWrongLabel(classes: 3) == nil)
    }
}
