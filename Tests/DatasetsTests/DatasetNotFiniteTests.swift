import Datasets
import Formats
import OrderedCollections
import Testing

/// A number that is not finite is found with its row and place.
@Suite struct DatasetNotFiniteTests {
    private func found(_ values: [Float], shape: [Int], map: [MapStep] = []) throws -> String? {
        let folder = try TemporaryFolder()
        let labels = NDArray((0..<shape[0]).map { UInt8($0 % 3) })
        try folder.write(
            "d.safetensors", Safetensors(tensors: ["x": NDArray(values, shape: shape), "y": labels]).serialized())
        let pipeline = InputPipeline(
            source: .safetensors(path: "d.safetensors", features: ["x"], labels: ["y"]), map: map)
        return try pipeline.open(DataRoots([folder.path])).firstNotFinite()
    }

    @Test func isNamed() throws {
        #expect(try found([1, 2, 3, 4, 5, 6], shape: [3, 2]) == nil)
        #expect(
            try found([1, 2, 3, 4, 5, .nan], shape: [3, 2]) == "row 3 of d.safetensors holds NaN in \"x\" at [1]")
        #expect(
            try found([1, -.infinity, 3, 4, 5, 6, 7, 8], shape: [2, 2, 2])
                == "row 1 of d.safetensors holds -infinity in \"x\" at [0, 1]")
        #expect(try found([1, .nan], shape: [2]) == "row 2 of d.safetensors holds NaN in \"x\"")
        #expect(
            try found([1, 3e38, 3, 4], shape: [2, 2], map: [.scale(10)])
                == "row 1 of d.safetensors holds infinity in \"x\" at [1] after its map")
    }

    /// A column has a name, and a row a line.
    @Test func isNamedByColumnAndLine() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b,y\n1,2,0\n3,3e38,1\n")
        let pipeline = InputPipeline(source: .csv(.init(path: "a.csv", label: "y")), map: [.scale(10)])
        #expect(
            try pipeline.open(DataRoots([folder.path])).firstNotFinite()
                == "row 2 (line 3) of a.csv holds infinity in column \"b\" after its map")
    }
}
