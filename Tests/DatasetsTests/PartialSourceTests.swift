import Datasets
import Formats
import OrderedCollections
import Testing

/// A source with a fault is looked at as far as it goes.
@Suite struct PartialSourceTests {
    private func faults(_ source: PartialSource) throws -> [String] {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b,label\n1,x,0\n")
        try folder.write("semicolons.csv", "a;b\n1;2\n")
        try folder.writeIDX("x", shape: [2, 2], [1, 2, 3, 4])
        try folder.write(
            "t.safetensors", Safetensors(tensors: ["x": NDArray([1, 2] as [Float])]).serialized())
        do {
            try source.check(DataRoots([folder.path]))
            return []
        } catch {
            return error.faults(at: .root).map(\.description)
        }
    }

    @Test func namesOfColumnsAreLookedForAndNumbersAreNotRead() throws {
        #expect(try faults(.csv(.init(path: "a.csv", label: "label"))) == [])
        #expect(try faults(.csv(.init(path: "a.csv", label: nil, features: ["", "b"]))) == [])
        let found = try faults(
            .csv(.init(path: "a.csv", label: "lable", features: ["", "c"], typedColumns: ["d"])))
        #expect(
            found == [
                "/source/csv/label: a.csv has no column \"lable\"; its header has \"a\", \"b\", \"label\"; did you mean "
                    + "\"label\"?", "/source/csv/features/1: a.csv has no column \"c\"",
                "/source/csv/dtypes/d: a.csv has no column \"d\"",
            ])
        #expect(try faults(.csv(.init(path: "semicolons.csv", label: "b"))).first?.contains("semicolons") == true)
        #expect(try faults(.csv(.init(path: "none.csv", label: "b"))).first?.contains("does not exist") == true)
    }

    @Test func filesAreLookedAtEachForItself() throws {
        #expect(try faults(.idx(features: nil, labels: nil)) == [])
        #expect(try faults(.idx(features: "x", labels: nil)) == [])
        #expect(
            try faults(.idx(features: "none", labels: "a.csv")).map { $0.prefix { $0 != ":" } } == [
                "/source/idx/features", "/source/idx/labels",
            ])
        #expect(try faults(.safetensors(path: "t.safetensors", features: [], labels: ["x"])) == [])
        #expect(
            try faults(.safetensors(path: "t.safetensors", features: [], labels: ["y"])).map { $0.prefix { $0 != ":" } }
                == ["/source/safetensors/labels"])
        #expect(try faults(.nothing) == [])
    }
}
