import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Layers as Keras 3.15.1 serializes them, read here, against what Keras itself makes of given inputs and weights:
/// `Tests/Fixtures/layers/keras.json`, computed by Keras with JAX.
@Suite struct KerasLayerNumbersTests {
    private static func numbers(_ json: JSON?) throws -> [Double] {
        try #require(json?.array).map { try #require($0.double) }
    }

    private static func variables(_ json: JSON?) throws -> [String: [Double]] {
        var variables: [String: [Double]] = [:]
        for (name, value) in try #require(json?.object) { variables[name] = try numbers(value) }
        return variables
    }

    private static func batch(_ json: JSON) throws -> LayerTrial.Batch {
        LayerTrial.Batch(try numbers(json["numbers"]), try #require(json["shape"]?.array).compactMap(\.int))
    }

    @Test func eachGivesKerasNumbers() throws {
        let path = ProjectFiles.root.appending(path: "Tests/Fixtures/layers/keras.json")
        let cases = try #require(try JSON(parsing: [UInt8](Data(contentsOf: path)))["cases"]?.array)
        #expect(cases.count > 100)
        for one in cases {
            let className = try #require(one["class_name"]?.string)
            let config = try #require(one["config"])
            let comment: Comment = "\(className) \(config.text)"
            let layer = try LayerTrial(className, config)
            let inputs = try #require(one["inputs"]?.array).map(Self.batch)
            let outcome = try layer.run(
                inputs, variables: try Self.variables(one["weights"]), isTraining: one["training"]?.bool == true)
            let expected = try Self.batch(#require(one["output"]))
            #expect(outcome.shape == expected.shape, comment)
            LayerTrial.expectNear(outcome.numbers, expected.numbers, within: 1e-5, comment)
            for (name, value) in try Self.variables(one["after"]) {
                LayerTrial.expectNear(outcome.variables[name], value, within: 1e-5, comment)
            }
        }
    }
}
