package import Formats
package import Graph

/// A layer of one input and one output, as most are.
package protocol UnaryLayer: Layer {
    /// The shape of one row of the output, and the variables, for rows of this shape.
    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan
    /// Adds the layer to a graph.
    func call(_ x: Tensor, _ call: LayerCall) -> Tensor
}

extension UnaryLayer {
    /// The plan for the only input; another number of inputs is a fault.
    package func plan(_ inputs: [[Int]], _ arguments: CallArguments) throws(SpecError) -> LayerPlan {
        guard let input = inputs.first, inputs.count == 1 else {
            throw SpecError(
                arguments.pointer ?? pointer,
                "\(name) (\(common.className)) takes one input, but it is called with \(inputs.count)")
        }
        return try plan(input)
    }

    /// The layer on its input.
    package func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] { inputs.map { self.call($0, call) } }
}
