import Datasets
import Formats
import OrderedCollections
import Testing

@Suite struct RecordMapTests {
    private func run(_ steps: [MapStep], _ type: ElementType, _ bytes: [UInt8], shape: [Int], cached: Int = 1 << 20)
        throws -> [NDArray]
    {
        let folder = try TemporaryFolder()
        let tensors = Safetensors(
            tensors: try .init(uniqueKeysWithValues: [
                ("x", NDArray(type: type, shape: shape, bytes: bytes)),
                ("y", NDArray((0..<shape[0]).map { UInt8($0 % 3) })),
            ]))
        try folder.write("d.safetensors", tensors.serialized())
        let data = try InputPipeline(
            source: .safetensors(path: "d.safetensors", features: ["x"], labels: ["y"]), map: steps
        ).open(DataRoots([folder.path]), limits: SourceLimits(cachedBytes: cached))
        return try #require(try data.batches(ofSize: shape[0]).next())
    }

    @Test(arguments: [0, 1 << 20]) func doesTheStepsInOrder(cached: Int) throws {
        let bytes: [UInt8] = [0, 255, 3, 128]
        let scaled = try run(
            [.cast(.float32), .scale(1 / 255), .offset(-0.5), .reshape([2, 1])], .uint8, bytes, shape: [2, 2],
            cached: cached)
        #expect(scaled[0].shape == [2, 2, 1])
        #expect(
            try scaled[0].elements(as: Float.self)
                == bytes.map { Float($0) * Float(1.0 / 255) + Float(-0.5) })
        let normalized = try run(
            [.normalize(mean: [1, 2], std: [2, 4])], .uint8, bytes, shape: [2, 2], cached: cached)
        #expect(try normalized[0].elements(as: Float.self) == [-0.5, 253.0 / 4, 1, 126.0 / 4])
        let hot = try run([.oneHot(3)], .uint8, bytes, shape: [4, 1], cached: cached)
        #expect(hot[1].shape == [4, 3])
        #expect(try hot[1].elements(as: Float.self) == [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0])
        let doubles = try run([.cast(.float64), .scale(0.1)], .uint8, bytes, shape: [4, 1], cached: cached)
        #expect(try doubles[0].elements(as: Double.self) == bytes.map { Double($0) * 0.1 })
        let back = try run([.scale(0.5), .cast(.int8)], .uint8, bytes, shape: [4, 1], cached: cached)
        #expect(try back[0].elements(as: Int8.self) == [0, 127, 1, 64])
        #expect(try run([], .uint8, bytes, shape: [2, 2], cached: cached)[0].bytes == bytes)
    }

    static let wrong: [([MapStep], String, String)] = [
        ([.reshape([3])], "/map/0/reshape", "the shape [3] does not hold the 2 elements of x [2]"),
        ([.reshape([-2, -1])], "/map/0/reshape", "the shape [-2, -1] does not hold the 2 elements of x [2]"),
        (
            [.scale(1), .normalize(mean: [1, 2, 3], std: [1])], "/map/1/normalize/mean",
            "must have 1 number, or one for each of the last axis or of all elements of [2], not 3"
        ),
        ([.normalize(mean: [0], std: [1, 0])], "/map/0/normalize/std/1", "must not be 0"),
        ([.oneHot(0)], "/map/0/one_hot", "must be a sensible number of classes, not 0"),
        ([.oneHot(.max)], "/map/0/one_hot", "must be a sensible number of classes, not 9223372036854775807"),
        ([.oneHot(2)], "/map/0/one_hot", "the label of row 3 of d.safetensors is 2, but there are 2 classes (0 to 1)"),
        ([.oneHot(3), .oneHot(3)], "/map/1/one_hot", "is given twice: y holds vectors already"),
        ([.scale(.infinity)], "/map/0/scale", "must be a finite number, not inf"),
        ([.cast(.float64), .offset(.nan)], "/map/1/offset", "must be a finite number, not nan"),
    ]

    @Test(arguments: wrong) func refuses(steps: [MapStep], pointer: String, detail: String) {
        let error = #expect(throws: DatasetError.self) {
            try run(steps, .uint8, [0, 1, 2, 3, 4, 5], shape: [3, 2])
        }
        #expect(error?.pointer.description == pointer)
        #expect(error?.detail == detail)
    }
}
