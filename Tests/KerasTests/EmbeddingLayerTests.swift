import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct EmbeddingLayerTests {
    private static let table: [Double] = [0, 1, 10, 11, 20, 21, 30, 31]

    private func layer(_ more: JSON = [:]) throws -> LayerRun {
        var config: JSON = ["input_dim": 4, "output_dim": 2]
        for (name, value) in more.object ?? [:] { config[name] = value }
        var run = try LayerRun("Embedding", config)
        run.variables["embeddings"] = Self.table
        return run
    }

    @Test func eachNumberIsARowOfTheTable() throws {
        for dtype in [DType.int32, .int64, .uint8, .float32] {
            let output = try layer()([.init(shape: [2, 2], numbers: [3, 0, 1, 3], dtype: dtype)])
            #expect(output.shapes == [[2, 2, 2]])
            #expect(output.numbers == [30, 31, 0, 1, 10, 11, 30, 31])
            #expect(output.masks == [nil])
        }
        #expect(try layer()([.init(shape: [2], numbers: [2, 1], dtype: .int32)]).numbers == [20, 21, 10, 11])
    }

    @Test func gradientsOfRepeatedNumbersAddUp() throws {
        let output = try layer()(
            [.init(shape: [1, 3], numbers: [2, 0, 2], dtype: .int32)], upstreams: [[1, 2, 3, 4, 5, 6]])
        #expect(output.gradients["embeddings"] == [3, 4, 0, 0, 6, 8, 0, 0])
    }

    @Test func zerosAreMaskedWhereTheModelSaysSo() throws {
        let masked = try layer(["mask_zero": true])
        #expect(try masked([.init(shape: [1, 3], numbers: [2, 0, 1], dtype: .int32)]).masks == [[1, 0, 1]])
        #expect(masked.refusal([[2, 3]])?.contains("is not supported for rows of shape [2, 3]") == true)
        #expect(masked.refusal([[]]) != nil)
        #expect(try layer().refusal([[2, 3]]) == nil)
    }

    @Test func theTableStartsBetweenBounds() throws {
        let plan = try LayerRun("Embedding", ["input_dim": 9, "output_dim": 3]).layer.plan([[5]], .tensors())
        #expect(plan.outputs == [[5, 3]])
        #expect(plan.variables.map(\.name) == ["embeddings"])
        #expect(plan.variables.map(\.shape) == [[9, 3]])
        #expect(plan.variables[0].initializer == .uniform(low: -0.05, high: 0.05))
    }

    @Test func whatIsReadAndRefused() throws {
        let full: JSON = [
            "input_dim": 3, "output_dim": 2, "embeddings_initializer": "ones", "embeddings_regularizer": "l2",
            "embeddings_constraint": "non_neg", "activity_regularizer": "l1", "mask_zero": false, "input_length": nil,
            "sparse": false, "quantization_config": nil,
        ]
        let (layer, faults) = LayerRun.read("Embedding", full)
        #expect(faults == [])
        let variable = try #require(try layer?.plan([[1]], .tensors()).variables.first)
        #expect(variable.initializer == .ones)
        #expect(variable.regularizer == .norms(l1: 0, l2: 0.01))
        #expect(variable.constraint == .nonNegative)
        for (name, value) in [("lora_rank", 4), ("sparse", true), ("quantization_config", "int8")] as [(String, JSON)] {
            var config = full
            config[name] = value
            #expect(LayerRun.read("Embedding", config).faults == ["/\(name): is not supported yet"])
        }
        #expect(LayerRun.read("Embedding").faults == ["/input_dim: is required", "/output_dim: is required"])
        #expect(LayerRun.read("Embedding", ["input_dim": 0, "output_dim": 2]).layer == nil)
        let huge = try LayerRun("Embedding", ["input_dim": .init(Int.max), "output_dim": 9])
        #expect(huge.refusal([[1]])?.hasPrefix("/output_dim: output_dim 9 for each of") == true)
    }
}
