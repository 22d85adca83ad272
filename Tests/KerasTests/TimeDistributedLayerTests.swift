import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct TimeDistributedLayerTests {
    @Test(arguments: try LayerReference.cases("recurrent", of: ["TimeDistributed"]))
    func kerasNumbers(_ reference: LayerReference) throws { try reference.check() }

    private static let dense: JSON = ["class_name": "Dense", "config": ["name": "dense", "units": 2]]

    private func layer(
        _ inner: JSON = dense, version: KerasVersion = .keras3
    ) throws -> LayerRun { try LayerRun("TimeDistributed", ["layer": inner], version: version) }

    @Test func variablesAreNamedByTheVersion() throws {
        func names(_ version: KerasVersion) throws -> [String] {
            try layer(version: version).layer.plan([[3, 4]], .tensors()).variables.map(\.name)
        }
        #expect(try names(.keras2) == ["kernel", "bias"])
        #expect(try names(.keras3) == ["dense/kernel", "dense/bias"])
    }

    @Test func keras2RunsToo() throws {
        var run = try layer(version: .keras2)
        run.variables = ["kernel": [1, 2], "bias": [0, 1]]
        #expect(try run([.init(shape: [1, 2, 1], numbers: [3, 4])]).numbers == [3, 7, 4, 9])
    }

    @Test func rowsOfOneNumberEach() throws {
        let embedding: JSON = ["Embedding": ["input_dim": 3, "output_dim": 1, "embeddings_initializer": "ones"]]
        let output = try layer(embedding)([.init(shape: [1, 2], numbers: [0, 2], mask: [1, 0], dtype: .int32)])
        #expect(output.shapes == [[1, 2, 1]])
        #expect(output.numbers == [1, 1])
        #expect(output.masks == [[1, 0]])
    }

    @Test func whatIsRefused() throws {
        func faults(_ inner: JSON) -> [String] { LayerRun.read("TimeDistributed", ["layer": inner]).faults }
        #expect(
            faults(["Embedding": ["input_dim": 3, "output_dim": 1, "mask_zero": true]]) == [
                "/layer: makes a mask, which is not supported inside TimeDistributed"
            ])
        #expect(faults(["Masking": [:]]).count == 1)
        #expect(
            faults(["Dense": ["units": 2, "activity_regularizer": "l2"]]) == [
                "/layer: is not supported with an activity_regularizer inside TimeDistributed"
            ])
        #expect(LayerRun.read("TimeDistributed").faults == ["/layer: is required"])
        #expect(try layer().refusal([[]])?.contains("takes rows of time steps") == true)
    }
}
