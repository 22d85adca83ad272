import Datasets
import Formats
import Foundation
import OrderedCollections
import TestSupport
import Testing

/// Every source: what a look says, what reading gives, and that both refuse the same things in the same words.
@Suite struct SourceTests {
    private static let digits = ProjectFiles.root.appending(path: "docs/examples/data/digits").path

    @Test func readsTheDigits() throws {
        let pipeline = InputPipeline(
            source: .idx(features: "train-images-idx3-ubyte", labels: "train-labels-idx1-ubyte"),
            map: [.scale(1.0 / 16), .reshape([64])], shuffle: .init(bufferSize: 1500, seed: 7), repeatCount: nil)
        let roots = DataRoots([Self.digits])
        let summary = try pipeline.check(roots)
        #expect(summary.count == 1500)
        #expect(
            summary.layout.elements == [
                ElementSpec(name: "features", type: .float32, shape: [64]),
                ElementSpec(name: "labels", type: .uint8, shape: []),
            ])
        let data = try pipeline.open(roots)
        #expect(data.layout == summary.layout)
        let batch = try #require(try data.batches(ofSize: 128).next())
        #expect(batch.map(\.shape) == [[128, 64], [128]])
        #expect(batch[0].doubles.allSatisfy { 0...1 ~= $0 })
        #expect(Set(batch[1].bytes) == Set(0...9))
        #expect(try data.firstWrongLabel(classes: 10) == nil)
        let wrong = try #require(try data.firstWrongLabel(classes: 9))
        #expect(wrong.value == "9")
        #expect(wrong.place.hasSuffix("of train-labels-idx1-ubyte"))
    }

    @Test func readsCSV() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "x,kind,y\n1,0,2\n3,1,4\n")
        let roots = DataRoots([folder.path])
        let pipeline = InputPipeline(source: .csv(.init(path: "a.csv", label: "kind")), dropRemainder: false)
        let summary = try pipeline.check(roots)
        #expect(summary.count == 2)
        #expect(try pipeline.check(roots, limits: SourceLimits(checkedRows: 1)).count == nil)
        let batch = try #require(try pipeline.open(roots).batches(ofSize: 5).next())
        #expect(batch == [NDArray([1, 2, 3, 4] as [Float], shape: [2, 2]), NDArray([0, 1] as [Int64])])
        let chosen = InputPipeline(source: .csv(.init(path: "a.csv", label: nil, features: ["y"])))
        #expect(try chosen.open(roots).batches(ofSize: 2).next() == [NDArray([2, 4] as [Float], shape: [2, 1])])
    }

    @Test func syntheticRecordsDependOnSeedAndNumberAlone() throws {
        func source(_ seed: UInt64, _ examples: Int) throws -> Dataset {
            try InputPipeline(
                source: .synthetic(
                    .init(type: .float32, shape: [784], labels: .classes(10), examples: examples, seed: seed))
            ).open(DataRoots([]))
        }
        let short = try #require(try source(1, 10).batches(ofSize: 10).next())
        let long = try #require(try source(1, 1000).batches(ofSize: 10).next())
        #expect(short == long)
        #expect(try source(2, 10).batches(ofSize: 10).next() != short)
        let values = short[0].doubles
        #expect(values.allSatisfy { 0..<1 ~= $0 })
        #expect(abs(values.reduce(0, +) / Double(values.count) - 0.5) < 0.02)
        #expect(short[1].doubles.allSatisfy { 0..<10 ~= $0 })
        for type in ElementType.allCases {
            let data = try InputPipeline(
                source: .synthetic(
                    .init(type: type, shape: [3], labels: .array(type: type, shape: [2]), examples: 4, seed: 1))
            ).open(DataRoots([]))
            #expect(try data.batches(ofSize: 4).next()?.map(\.shape) == [[4, 3], [4, 2]])
        }
    }

    @Test func refusesTheSameInTheSameWords() throws {
        let folder = try TemporaryFolder()
        try folder.writeIDX("x", shape: [3, 2], [1, 2, 3, 4, 5, 6])
        try folder.writeIDX("short", shape: [3, 2], [1, 2, 3, 4, 5])
        try folder.writeIDX("two", shape: [2], [1, 2])
        try folder.writeIDX("none", shape: [0], [])
        try folder.write("text.csv", "a,b\n1,2\nabc,3\n")
        try folder.write("empty.csv", "")
        try folder.write("semicolons.csv", "a;b\n1;2\n")
        try folder.write("comma.csv", "a,b,\n1,2,\n")
        try folder.write("bad.safetensors", "hello")
        try folder.write(
            "t.safetensors",
            Safetensors(tensors: ["x": NDArray([1, 2] as [Float]), "s": NDArray([1] as [Float], shape: [])])
                .serialized())
        let table: [(SourceDefinition, String, String)] = [
            (
                .idx(features: "short", labels: nil), "/source/idx/features",
                "short: is truncated: its header announces uint8 [3, 2], which is 6 bytes, but 5 follow"
            ),
            (.idx(features: "x", labels: "two"), "/source/idx/labels", "labels has 2 records, but features has 3"),
            (.idx(features: "none", labels: nil), "/source/idx/features", "features has no records"),
            (
                .idx(features: "x", labels: "nowhere"), "/source/idx/labels",
                "nowhere does not exist under the data roots"
            ),
            (
                .idx(features: "../x", labels: nil), "/source/idx/features",
                "../x is outside of the data roots: paths are relative to them"
            ),
            (
                .csv(.init(path: "text.csv", label: "b")), "/source/csv/path",
                "text.csv: row 2 (line 3), column \"a\": \"abc\" is not a number"
            ),
            (
                .csv(.init(path: "text.csv", label: "lable")), "/source/csv/label",
                "text.csv has no column \"lable\"; its header has \"a\", \"b\""
            ),
            (
                .csv(.init(path: "semicolons.csv", label: "b")), "/source/csv/path",
                "semicolons.csv: its header \"a;b\" is a single column; it seems to be separated by semicolons, but the "
                    + "columns of a CSV file are separated by commas"
            ),
            (
                .csv(.init(path: "comma.csv", label: "b")), "/source/csv/path",
                "comma.csv: column 3 of 3 has no name in the header; name the columns to use in features, or remove the "
                    + "comma too many"
            ),
            (
                .csv(.init(path: "text.csv", label: "b", typedColumns: ["c"])), "/source/csv/dtypes/c",
                "text.csv has no column \"c\"; its header has \"a\", \"b\""
            ),
            (
                .csv(.init(path: "text.csv", label: nil, features: ["b", "A"])), "/source/csv/features/1",
                "text.csv has no column \"A\"; its header has \"a\", \"b\"; did you mean \"a\"?"
            ),
            (
                .csv(.init(path: "empty.csv", label: nil)), "/source/csv/path",
                "empty.csv: is empty: a CSV file begins with a row of column names"
            ),
            (
                .safetensors(path: "bad.safetensors", features: ["x"], labels: []), "/source/safetensors/path",
                "bad.safetensors: A safetensors file has at least 8 bytes, not 5"
            ),
            (
                .safetensors(path: "t.safetensors", features: ["x"], labels: ["xx"]), "/source/safetensors/labels",
                "t.safetensors has no tensor \"xx\"; it holds \"s\", \"x\"; did you mean \"x\"?"
            ),
            (
                .safetensors(path: "t.safetensors", features: ["s"], labels: []), "/source/safetensors/features/0",
                "s is a single number, not one for each record"
            ),
            (
                .synthetic(.init(type: .float32, shape: [0], labels: .none, examples: 1, seed: 1)),
                "/source/synthetic/features/shape",
                "must be a list of positive numbers whose array fits in 1 GiB, not [0]"
            ),
            (
                .synthetic(.init(type: .float32, shape: [.max, .max], labels: .none, examples: 1, seed: 1)),
                "/source/synthetic/features/shape",
                "must be a list of positive numbers whose array fits in 1 GiB, not [\(Int.max), \(Int.max)]"
            ),
            (
                .synthetic(.init(type: .float32, shape: [1], labels: .classes(0), examples: 1, seed: 1)),
                "/source/synthetic/labels/classes", "must be a positive whole number of 32 bits, not 0"
            ),
        ]
        let roots = DataRoots([folder.path])
        for (source, pointer, detail) in table {
            let pipeline = InputPipeline(source: source)
            let checked = #expect(throws: DatasetError.self) { try pipeline.check(roots) }
            let opened = #expect(throws: DatasetError.self) { try pipeline.open(roots) }
            #expect(checked == opened)
            #expect(checked?.pointer.description == pointer)
            #expect(checked?.detail == detail)
        }
        let numbers: [(InputPipeline, String)] = [
            (
                InputPipeline(source: .idx(features: "x", labels: nil), shuffle: .init(bufferSize: 0, seed: 1)),
                "/shuffle/buffer_size"
            ),
            (InputPipeline(source: .idx(features: "x", labels: nil), repeatCount: -1), "/repeat"),
            (InputPipeline(source: .idx(features: "x", labels: nil), prefetch: 0), "/prefetch"),
            (InputPipeline(source: .idx(features: "x", labels: nil), map: [.oneHot(3)]), "/map/0/one_hot"),
        ]
        for (pipeline, pointer) in numbers {
            let error = #expect(throws: DatasetError.self) { try pipeline.check(roots) }
            #expect(error?.pointer.description == pointer)
        }
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
