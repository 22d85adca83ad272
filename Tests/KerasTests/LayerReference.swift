import Formats
import Foundation
import Graph
import Keras
import OrderedCollections
import TestSupport
import Testing

/// One layer as Keras 3.15.1 serializes it, with what Keras makes of given inputs and weights with JAX: outputs, and
/// gradients of the sum of all outputs times given numbers. `Tests/Fixtures/layers` holds them.
struct LayerReference: CustomTestStringConvertible {
    let title: String
    private let json: JSON

    var testDescription: String { title }
    var className: String { json["class"]?.string ?? "" }

    /// The cases of a file that are of these classes.
    static func cases(_ file: String, of classes: Set<String>) throws -> [LayerReference] {
        let path = ProjectFiles.root.appending(path: "Tests/Fixtures/layers/\(file).json")
        let list = try JSON(parsing: [UInt8](Data(contentsOf: path)))["cases"]?.array ?? []
        return list.map { LayerReference(title: $0["title"]?.string ?? "", json: $0) }
            .filter { classes.contains($0.className) }
    }

    private static func numbers(_ json: JSON?) -> [Double] { json?.array?.compactMap(\.double) ?? [] }
    private static func shape(_ json: JSON?) -> [Int] { json?["shape"]?.array?.compactMap(\.int) ?? [] }

    private var inputs: [LayerRun.Input] {
        (json["inputs"]?.array ?? []).map { input in
            LayerRun.Input(
                shape: Self.shape(input), numbers: Self.numbers(input["numbers"]),
                mask: input["mask"].map { Self.numbers($0) },
                dtype: input["dtype"]?.string == "int32" ? .int32 : .float32)
        }
    }

    /// Inputs in order, with the keywords that the case has; a whole number is the place of an input.
    private func arguments(_ count: Int, isList: Bool) -> CallArguments {
        var keywords: OrderedDictionary<String, CallArguments.Value> = [:]
        var places = Array(0..<count)
        for (name, value) in json["keywords"]?.object ?? [:] {
            keywords[name] = value.int.map { .input($0) } ?? .constant(value)
            if let place = value.int { places.removeAll { $0 == place } }
        }
        let inputs = places.map { CallArguments.Value.input($0) }
        return CallArguments(isList ? [.list(inputs)] : inputs, keywords: keywords)
    }

    /// Expects Keras' numbers, forwards and backwards.
    ///
    /// - Parameter isList: whether the inputs are one argument.
    func check(isList: Bool = false) throws {
        var run = try LayerRun(className, json["config"] ?? [:])
        for (name, values) in json["variables"]?.object ?? [:] { run.variables[name] = Self.numbers(values) }
        let inputs = inputs
        let arguments = arguments(inputs.count, isList: isList)
        run.arguments = arguments
        let planned = try run.layer.plan(inputs.map { Array($0.shape.dropFirst()) }, arguments).variables.map(\.name)
        #expect(planned == Array(json["variables"]?.object?.keys ?? []), "\(title)")
        let result = try run(inputs, upstreams: (json["upstreams"]?.array ?? []).map { Self.numbers($0) })
        for (place, output) in (json["outputs"]?.array ?? []).enumerated() {
            #expect(result.shapes[place] == Self.shape(output), "\(title)")
            let wanted = Self.numbers(output["numbers"])
            #expect(isNear(result.outputs[place], wanted), "\(title): \(result.outputs[place]), not \(wanted)")
        }
        for (name, values) in json["gradients"]?.object ?? [:] {
            let (got, wanted) = (result.gradients[name] ?? [], Self.numbers(values))
            #expect(isNear(got, wanted), "\(title): gradient of \(name) is \(got), not \(wanted)")
        }
    }
}
