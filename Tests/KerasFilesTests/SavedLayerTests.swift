import Formats
import KerasFiles
import OrderedCollections
import Testing

@Suite struct SavedLayerTests {
    private func places(_ model: JSON, _ names: [String]) throws -> [String] {
        try #require(SavedLayer(model: model)).places(of: names).map(\.path)
    }

    @Test func layersAreCountedByTheirClasses() throws {
        let model: JSON = [
            ["Dense": ["units": 2]], "Flatten", ["Dense": ["units": 2, "name": "a/b"]], "BatchNormalization",
        ]
        #expect(
            try places(
                model, ["dense/kernel", "dense/bias", "a/b/kernel", "batch_normalization/gamma"]) == [
                    "layers/dense/vars/0", "layers/dense/vars/1", "layers/dense_1/vars/0",
                    "layers/batch_normalization/vars/0",
                ])
        // A name that is given does not count for those that are not.
        #expect(
            try places([["Dense": ["units": 2, "name": "dense"]], ["Dense": ["units": 1]]], ["dense_1/bias"]) == [
                "layers/dense_1/vars/0"
            ])
    }

    @Test func functionsOfTensorsDoNotCount() throws {
        let model: JSON = [
            "class_name": "Functional", "module": "keras",
            "config": [
                "layers": [
                    ["class_name": "Dense", "module": "keras.src.ops.numpy", "config": ["name": "f"]],
                    ["class_name": "Dense", "module": "keras.layers", "config": ["name": "g"]],
                ]
            ],
        ]
        #expect(try places(model, ["g/kernel"]) == ["layers/dense/vars/0"])
    }

    @Test func partsHaveGroupsOfTheirOwn() throws {
        let model = try KerasFixture.model("wide", keras: 3)
        #expect(
            try places(
                model,
                [
                    "heads/attention_output/kernel", "both/backward_lstm/lstm_cell/bias", "inner/first/kernel",
                    "nested/dense/bias",
                ]) == [
                    "layers/multi_head_attention/output_dense/vars/0",
                    "layers/bidirectional/backward_layer/cell/vars/0",
                    "layers/sequential/layers/dense/vars/0", "layers/functional/layers/dense/vars/0",
                ])
        let old = try #require(SavedLayer(model: try KerasFixture.model("wide", keras: 2)))
        let place = try #require(old.places(of: ["heads/key/kernel"]).first)
        #expect(place.oldPath == "layers/multi_head_attention/_key_dense/vars/0")
        // Keras 2 leaves the name of the layer inside TimeDistributed out.
        #expect(old.places(of: ["each/kernel"]).map(\.path) == ["layers/time_distributed/layer/vars/0"])
    }

    @Test func variablesOfALayerAreInKerasOrder() {
        #expect(
            SavedLayer.inOrder(["a/beta", "a/moving_mean", "a/gamma", "b/bias", "b/kernel"]) == [
                "b/kernel", "b/bias", "a/gamma", "a/beta", "a/moving_mean",
            ])
    }

    @Test func whatIsNotAModelHasNoGroups() {
        for json in [nil, 1, "Dense", [:], ["config": 1]] as [JSON] { #expect(SavedLayer(model: json) == nil) }
        #expect(SavedLayer(model: [1, nil, [:], ["a": 1, "b": 2]])?.places(of: ["a/b"]).map(\.path) == ["vars/0"])
    }
}
