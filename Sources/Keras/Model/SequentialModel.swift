import Formats
import Graph

/// A stack of layers (Keras: `Sequential`).
struct SequentialModel: Sendable {
    let name: String
    /// Where the model is in the job.
    let pointer: JSONPointer
    let version: KerasVersion
    /// Whether the model's layers are trained at all.
    let isTrainable: Bool
    let layers: [any Layer]
    /// The shape of one row, where the model says one; nil: that of the data counts.
    let inputShape: [Int]?
    /// Where that shape, or else the model, is.
    let inputPointer: JSONPointer

    /// Follows rows of this shape through the layers; one that can't take its input is a fault.
    func plan(_ input: [Int]) throws(SpecError) -> ModelPlan {
        var plan = ModelPlan(numbers: input.saturatedProduct)
        var shapes = [input]
        for layer in layers {
            let step = try layer.plan(shapes, .tensors(shapes.count))
            try plan.add(layer, step, isTrainable: isTrainable)
            shapes = step.outputs
        }
        plan.outputs = shapes
        return plan
    }

    /// Adds the whole model to a graph: `x` is a batch of rows; the result is the last layer's output.
    ///
    /// - Parameters:
    ///   - seed: the job's, of all random numbers.
    /// - Throws: a shape that a layer can't take.
    func call(_ x: Tensor, isTraining: Bool, seed: UInt64) throws(SpecError) -> (output: Tensor, graph: ModelGraph) {
        let plan = try plan(Array(x.shape.dimensions.dropFirst()))
        let graph = ModelGraph(
            x.builder, variables: plan.variables, isTraining: isTraining, seed: seed, version: version)
        var result = LayerResult([layers.first?.takesIntegers == true ? x : x.cast(to: .float32)])
        for layer in layers {
            result = graph.run(
                layer, path: layer.name, isTrainable: isTrainable, result.outputs, masks: result.masks,
                arguments: .tensors(result.outputs.count))
        }
        graph.assignStates()
        return (result.outputs.first ?? x, graph)
    }
}
