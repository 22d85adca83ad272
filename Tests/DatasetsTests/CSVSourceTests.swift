import Datasets
import Formats
import Testing

@Suite struct CSVSourceTests {
    @Test func columnsBecomeAVectorAndALabel() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "x,kind,y\n1,0,2\n3,1,4\n")
        let roots = DataRoots([folder.path])
        let pipeline = InputPipeline(source: .csv(.init(path: "a.csv", label: "kind")), dropRemainder: false)
        let batch = try #require(try pipeline.open(roots).batches(ofSize: 5).next())
        #expect(batch == [NDArray([1, 2, 3, 4] as [Float], shape: [2, 2]), NDArray([0, 1] as [Int64])])
        let chosen = InputPipeline(source: .csv(.init(path: "a.csv", label: nil, features: ["y", "x", "y"])))
        #expect(
            try chosen.open(roots).batches(ofSize: 2).next()
                == [NDArray([2, 1, 2, 4, 3, 4] as [Float], shape: [2, 3])])
        let fraction = InputPipeline(source: .csv(.init(path: "a.csv", label: "kind", labelType: .float32)))
        #expect(try fraction.open(roots).batches(ofSize: 2).next()?[1] == NDArray([0, 1] as [Float]))
        #expect(try fraction.open(roots).layout.elements.map(\.name) == ["features", "kind"])
    }

    /// The column of weights is neither a feature nor a label.
    @Test func weightsAreAnArrayOfTheirOwn() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "x,w,y\n1,0.5,2\n3,2,4\n")
        let roots = DataRoots([folder.path])
        let source = SourceDefinition.csv(.init(path: "a.csv", label: "y", weight: "w"))
        let data = try InputPipeline(source: source, map: [.scale(10), .oneHot(5)]).open(roots)
        #expect(data.layout.weights.map(\.name) == ["w"])
        let batch = try #require(try data.batches(ofSize: 2).next())
        #expect(batch[0] == NDArray([10, 30] as [Float], shape: [2, 1]))
        #expect(batch[1].shape == [2, 5])
        // No map step changes them.
        #expect(batch[2] == NDArray([0.5, 2] as [Float]))
        try folder.write("bad.csv", "x,w\n1,much\n")
        let faulty = SourceDefinition.csv(.init(path: "bad.csv", label: nil, weight: "w"))
        #expect(
            refusal(faulty, in: folder) == [
                "/source/csv/sample_weight: bad.csv: row 1 (line 2), column \"w\": \"much\" is not a number"
            ])
        let missing = SourceDefinition.csv(.init(path: "a.csv", label: nil, weight: "v"))
        let faults = refusal(missing, in: folder)
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("/source/csv/sample_weight: a.csv has no column \"v\"; its header ") == true)
    }

    /// The number of rows is known where a look has seen them all; the label's type follows the rows that it sees.
    @Test func aLookReadsTheFirstRows() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,y\n1,0\n2,0.5\n3,1\n")
        let roots = DataRoots([folder.path])
        func look(_ rows: Int) throws -> SourceSummary {
            try InputPipeline(source: .csv(.init(path: "a.csv", label: "y")))
                .check(roots, limits: SourceLimits(checkedRows: rows))
        }
        #expect(try look(4).count == 3 && look(3).count == nil && look(1).count == nil)
        #expect(try look(1).layout.elements[1].type == .int64)
        #expect(try look(2).layout.elements[1].type == .float32)
        #expect(try look(2).labels?.values == NDArray([0, 0.5] as [Float]))
        #expect(try look(0).labels?.values.shape == [0])
        #expect(
            try InputPipeline(source: .csv(.init(path: "a.csv", label: nil))).check(roots).labels == nil)
    }

    /// Rows are told with their lines, also where a row has several.
    @Test func rowsHaveLines() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,y\n1,0\n2,7\n")
        try folder.write("b.csv", "\"a\n\",y\n1,0\n2,7\n")
        for (path, place) in [("a.csv", "row 2 (line 3) of a.csv"), ("b.csv", "row 2 (line 4) of b.csv")] {
            let data = try InputPipeline(source: .csv(.init(path: path, label: "y"))).open(DataRoots([folder.path]))
            #expect(try data.firstWrongLabel(classes: 2)?.place == place)
        }
    }

    /// A fault of a column is told at the member that named it, else at the file.
    @Test func faultsAreToldWhereTheColumnWasNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b,c\n1,2,x\n?,2,3\n4,y,5\n")
        try folder.write("short.csv", "a,b\n1,2\n3\n")
        try folder.write("none.csv", "a,b\n")
        try folder.write("empty.csv", "")
        try folder.write("zip.csv", [0x50, 0x4B, 3, 4, 0, 0])
        let table: [(CSVDefinition, [String])] = [
            (
                .init(path: "a.csv", label: "b"),
                [
                    "/source/csv/path: a.csv: row 1 (line 2), column \"c\": \"x\" is not a number",
                    "/source/csv/path: a.csv: row 2 (line 3), column \"a\": \"?\" is not a number",
                    "/source/csv/label: a.csv: row 3 (line 4), column \"b\": \"y\" is not a number",
                ]
            ),
            (
                .init(path: "a.csv", label: nil, features: ["b", "a"]),
                [
                    "/source/csv/features/1: a.csv: row 2 (line 3), column \"a\": \"?\" is not a number",
                    "/source/csv/features/0: a.csv: row 3 (line 4), column \"b\": \"y\" is not a number",
                ]
            ),
            (
                .init(path: "short.csv", label: "b", features: ["a"]),
                ["/source/csv/path: short.csv: row 2 (line 3) has 1 fields, but the header has 2"]
            ),
            (.init(path: "none.csv", label: "b"), ["/source/csv/path: none.csv: has no rows below its header"]),
            (
                .init(path: "empty.csv", label: nil),
                ["/source/csv/path: empty.csv: is empty: a CSV file begins with a row of column names"]
            ),
            (
                .init(path: "zip.csv", label: nil),
                [
                    "/source/csv/path: zip.csv: is a zip archive (as .zip, .xlsx, .npz, .keras and .pt files are), not a CSV "
                        + "file; unpack it first"
                ]
            ),
            (
                .init(path: "nowhere.csv", label: nil),
                ["/source/csv/path: nowhere.csv does not exist under the data roots"]
            ),
        ]
        for (definition, faults) in table { #expect(refusal(.csv(definition), in: folder) == faults) }
    }

    @Test func aLimitIsHeld() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b\n1,2\n3,4\n")
        let source = SourceDefinition.csv(.init(path: "a.csv", label: "b"))
        // Four bytes of a feature and eight of a label, twice.
        #expect(refusal(source, in: folder, limits: SourceLimits(bytes: 24)) == [])
        #expect(
            refusal(source, in: folder, limits: SourceLimits(bytes: 23)) == [
                "/source/csv/path: a.csv: holds more than the limit of 23 bytes of numbers"
            ])
    }

    /// What lies past the rows of a look is refused when read, in the words a look would have used.
    @Test func readsFurtherThanItLooks() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b\n1,2\n3,4\n5,x\n")
        let pipeline = InputPipeline(source: .csv(.init(path: "a.csv", label: "b")))
        let roots = DataRoots([folder.path])
        let limits = SourceLimits(checkedRows: 2)
        #expect(try pipeline.check(roots, limits: limits).count == nil)
        let error = #expect(throws: DatasetError.self) { try pipeline.open(roots, limits: limits) }
        #expect(error?.detail == "a.csv: row 3 (line 4), column \"b\": \"x\" is not a number")
        #expect(
            error?.fault(at: JSONPointer(tokens: ["train", "input"])).pointer.description
                == "/train/input/source/csv/label")
    }
}
