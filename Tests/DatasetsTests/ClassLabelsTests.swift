import Datasets
import Formats
import OrderedCollections
import Testing

/// Labels are held against the classes however they are written.
@Suite struct ClassLabelsTests {
    private func wrong(_ labels: NDArray, classes: Int) throws -> String? {
        let folder = try TemporaryFolder()
        let count = try #require(labels.shape.first)
        try folder.write(
            "d.safetensors",
            Safetensors(tensors: ["x": NDArray([Float](repeating: 0, count: count)), "y": labels]).serialized())
        let pipeline = InputPipeline(source: .safetensors(path: "d.safetensors", features: ["x"], labels: ["y"]))
        return try pipeline.open(DataRoots([folder.path])).firstWrongLabel(classes: classes)?.description
    }

    @Test func wholeNumbersOfEveryTypeAreClasses() throws {
        #expect(try wrong(NDArray([0, 1, 2] as [Float]), classes: 3) == nil)
        #expect(try wrong(NDArray([0, 1, 2] as [Double]), classes: 3) == nil)
        #expect(try wrong(NDArray([0, 1, 2] as [UInt8]), classes: 3) == nil)
        #expect(try wrong(NDArray([0, 1, 2] as [Int64]), classes: 3) == nil)
        #expect(try wrong(NDArray(type: .bool, shape: [3], bytes: [0, 1, 255]), classes: 2) == nil)
    }

    @Test func othersAreTold() throws {
        let classes = "there are 3 classes (0 to 2)"
        #expect(
            try wrong(NDArray([0, 3] as [Float]), classes: 3)
                == "the label of row 2 of d.safetensors is 3.0, but \(classes)")
        #expect(
            try wrong(NDArray([0, 2.9] as [Float]), classes: 3)
                == "the label of row 2 of d.safetensors is 2.9, which is not the number of a class: \(classes)")
        #expect(try wrong(NDArray([.nan] as [Double]), classes: 3)?.contains("row 1 of d.safetensors is NaN") == true)
        #expect(try wrong(NDArray([1, -1] as [Int8]), classes: 3)?.contains("row 2 of d.safetensors is -1") == true)
        #expect(
            try wrong(NDArray([.max] as [UInt64]), classes: 3)?.contains("is 9223372036854775807, but") == true)
        #expect(try wrong(NDArray([1e300] as [Double]), classes: 3)?.contains("is 1e+300, but") == true)
    }

    /// Every label of a row counts, and its row is told.
    @Test func labelsOfSequencesAreChecked() throws {
        let labels = NDArray([0, 1, 2, 0, 1, 7] as [Int32], shape: [2, 3])
        #expect(try wrong(labels, classes: 3)?.contains("row 2 of d.safetensors is 7") == true)
    }

    @Test func aLookAtACSVFileSeesThem() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,y\n1,0.0\n2,1.0\n3,3.0\n")
        let roots = DataRoots([folder.path])
        let pipeline = InputPipeline(source: .csv(.init(path: "a.csv", label: "y", labelType: .int64)))
        let labels = try #require(try pipeline.check(roots).labels)
        #expect(labels.firstWrong(classes: 4) == nil)
        #expect(
            labels.firstWrong(classes: 3)?.description
                == "the label of row 3 (line 4) of a.csv is 3, but there are 3 classes (0 to 2)")
        #expect(labels.firstWrong(classes: 3) == (try pipeline.open(roots).firstWrongLabel(classes: 3)))
        let hot = InputPipeline(
            source: .csv(.init(path: "a.csv", label: "y", labelType: .int64)), map: [.oneHot(3)])
        let error = #expect(throws: DatasetError.self) { try hot.check(roots) }
        #expect(error?.pointer.description == "/map/0/one_hot")
    }

    @Test func aCacheThatDoesNotFitIsRefused() throws {
        let pipeline = InputPipeline(
            source: .synthetic(.init(type: .float32, shape: [1000], labels: .none, examples: 1000, seed: 1)),
            cache: true)
        let error = #expect(throws: DatasetError.self) {
            try pipeline.check(DataRoots([]), limits: SourceLimits(bytes: 1000))
        }
        #expect(error?.pointer.description == "/cache")
        #expect(throws: Never.self) { try pipeline.check(DataRoots([])) }
    }
}
