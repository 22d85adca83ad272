import Formats
import Graph

extension KerasModel {
    /// Adds the whole model to a graph, with its variables.
    ///
    /// - Parameters:
    ///   - features: a batch of each input.
    ///   - seed: the job's, of all random numbers.
    /// - Throws: shapes that the model can't take.
    func build(
        _ features: [Tensor], in builder: GraphBuilder, isTraining: Bool, seed: UInt64
    ) throws(SpecError) -> (result: LayerResult, graph: ModelGraph) {
        let plan = try plan(features.map { Array($0.shape.dimensions.dropFirst()) })
        let graph = ModelGraph(
            builder, variables: plan.variables, isTraining: isTraining, seed: seed, version: common.version)
        let result = run(features, masks: [], graph, path: "", isTrainable: common.isTrainable)
        graph.assignStates()
        return (result, graph)
    }

    /// Makes all calls on inputs whose shapes have been planned.
    ///
    /// - Parameters:
    ///   - path: the names around the model's layers; empty for the job's own.
    ///   - isTrainable: whether the model and all that is around it are trained.
    func run(
        _ features: [Tensor], masks: [Tensor?], _ graph: ModelGraph, path: String, isTrainable: Bool
    ) -> LayerResult {
        let fed = LayerResult(zip(inputs, features).map { $0.cast($1) }, masks: masks)
        var made: [LayerResult] = []
        made.reserveCapacity(calls.count)
        func tensor(_ source: Source) -> (Tensor, mask: Tensor?) {
            switch source {
            case .input(let place): (fed.outputs[place], fed.masks[place])
            case .call(let place, let output): (made[place].outputs[output], made[place].masks[output])
            }
        }
        for call in calls {
            let layer = layers[call.layer]
            let tensors = call.inputs.map(tensor)
            made.append(
                graph.run(
                    layer, path: path.isEmpty ? layer.name : "\(path)/\(layer.name)", isTrainable: isTrainable,
                    tensors.map(\.0), masks: tensors.map(\.mask), arguments: call.arguments))
        }
        let results = outputs.map(tensor)
        return LayerResult(results.map(\.0), masks: results.map(\.mask))
    }
}
