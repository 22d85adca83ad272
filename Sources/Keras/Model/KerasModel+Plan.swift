import Formats

extension KerasModel {
    /// Follows rows of these shapes, one of each input, through the calls; a layer that can't take its inputs is a fault.
    func plan(_ rows: [[Int]]) throws(SpecError) -> ModelPlan {
        try check(rows)
        var plan = ModelPlan(numbers: rows.reduce(0) { $0.addingSaturated($1.saturatedProduct) })
        var first = [LayerPlan?](repeating: nil, count: layers.count)
        var made: [LayerPlan] = []
        made.reserveCapacity(calls.count)
        for call in calls {
            let layer = layers[call.layer]
            var shapes: [[Int]] = []
            for source in call.inputs {
                shapes.append(try shape(of: source, rows, made, at: call.arguments.pointer ?? layer.pointer))
            }
            let step = try layer.plan(shapes, call.arguments)
            try plan.count(step, of: layer)
            guard step.outputs.count == 1 || common.className != "Sequential" else {
                throw SpecError(
                    layer.pointer,
                    "\(layer.name) gives \(step.outputs.count) outputs, but a layer of a Sequential model must have one"
                )
            }
            if let first = first[call.layer] {
                guard first.variables.map(\.shape) == step.variables.map(\.shape) else {
                    throw SpecError(
                        call.arguments.pointer ?? layer.pointer,
                        "\(layer.name) is called with rows of \(shapes.inWords), for which its variables have other shapes than "
                            + "for those of its first call: all calls of a layer have the same variables")
                }
            } else {
                first[call.layer] = step
            }
            made.append(step)
        }
        for (layer, step) in zip(layers, first) {
            if let step { try plan.add(layer, step, isTrainable: common.isTrainable) }
        }
        for source in outputs { plan.outputs.append(try shape(of: source, rows, made, at: pointer)) }
        return plan
    }

    private func check(_ rows: [[Int]]) throws(SpecError) {
        guard rows.count == inputs.count else {
            throw SpecError(
                pointer, "the model \(name) takes \(inputs.count) inputs, but it is called with \(rows.count)")
        }
        for (input, row) in zip(inputs, rows) where !input.takes(row) {
            throw SpecError(
                input.pointer, "\(input.name) takes rows of shape \(input.shapeInWords), but it is given rows of \(row)"
            )
        }
    }

    private func shape(
        of source: Source, _ rows: [[Int]], _ made: [LayerPlan], at pointer: JSONPointer
    ) throws(SpecError) -> [Int] {
        switch source {
        case .input(let place): return rows[place]
        case .call(let place, let output):
            let outputs = made[place].outputs
            guard outputs.indices.contains(output) else {
                throw SpecError(
                    pointer,
                    "\(layers[calls[place].layer].name) has no output \(output): it has \(outputs.count)")
            }
            return outputs[output]
        }
    }
}

extension [[Int]] {
    /// Shapes in a sentence.
    fileprivate var inWords: String { map { "\($0)" }.inWords }
}
