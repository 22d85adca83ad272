/// A program as text: one node a line, stable between runs, for golden files and error messages.
package enum Printer {
    /// The whole program.
    package static func text(of program: Program) -> String {
        var lines = ["program {"]
        lines += program.infeed.enumerated().map { "  infeed #\($0.offset): \($0.element)" }
        lines += program.variables.enumerated().map { place, variable in
            let kind = variable.isTrainable ? "" : ", not trainable"
            return "  variable @\(place) '\(variable.name)': \(variable.type) = \(variable.initializer.text)\(kind)"
        }
        lines += program.nodes.indices.map { "  " + line(ValueID($0), in: program) }
        if let loss = program.loss { lines.append("  loss \(loss)") }
        lines += program.outfeed.map { "  outfeed '\($0.name)' \($0.value)" }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// One node, as `%3 = add(%1, %2): float32[2] 'dense/Add'`.
    package static func line(_ value: ValueID, in program: Program) -> String {
        let node = program[value]
        let operands = node.operands.map(\.description).joined(separator: ", ")
        return "\(value) = \(node.op.name)\(attributes(node.op))(\(operands)): \(node.type) '\(node.name)'"
    }

    /// The node with those it reads from and the first few that read it; places that don't exist are left out.
    package static func neighbourhood(of value: ValueID, in program: Program) -> String {
        let users = program.nodes.indices.filter { program.nodes[$0].operands.contains(value) }.prefix(4)
        let places = Set(program[value].operands.map(\.index) + [value.index] + users)
        return places.filter(program.nodes.indices.contains).sorted().map {
            ($0 == value.index ? "> " : "  ") + line(ValueID($0), in: program)
        }.joined(separator: "\n")
    }

    /// An op's attributes in braces; empty for those without.
    private static func attributes(_ op: Op) -> String {
        switch op {
        case .unary, .binary, .compare, .logical, .select, .softmax, .logSoftmax, .sparseSoftmaxCrossEntropy,
            .sparseSoftmaxCrossEntropyGradient, .gather, .crossReplicaSum, .replicaIndex:
            ""
        case .infeed(let index): "{#\(index)}"
        case .constant(let literal): "{\(literal.text)}"
        case .readVariable(let index), .assign(let index): "{@\(index)}"
        case .iota(_, let axis): "{axis \(axis)}"
        case .randomUniform(_, let seed): "{seed \(seed)}"
        case .convert(let dtype): "{\(dtype.rawValue)}"
        case .reshape(let shape): "{\(shape)}"
        case .broadcast(let shape, let dimensions): "{\(shape) from \(Shape(dimensions))}"
        case .transpose(let permutation): "{\(Shape(permutation))}"
        case .slice(let starts, let limits, let strides): "{\(Shape(starts))..<\(Shape(limits)) by \(Shape(strides))}"
        case .pad(let low, let high, let interior): "{\(Shape(low)), \(Shape(high)), \(Shape(interior))}"
        case .concatenate(let axis), .argMax(let axis): "{axis \(axis)}"
        case .dot(let left, let right): left || right ? "{\(left ? "T" : "N")\(right ? "T" : "N")}" : ""
        case .reduce(_, let axes), .reverse(let axes): "{axes \(Shape(axes))}"
        case .convolution(let window, let groups), .convolutionFilterGradient(let window, let groups):
            "{\(window)\(groups == 1 ? "" : ", groups \(groups)")}"
        case .convolutionInputGradient(let window, let groups, let input):
            "{\(window)\(groups == 1 ? "" : ", groups \(groups)"), input \(Shape(input))}"
        case .pool(_, let window), .maxPoolGradient(let window): "{\(window)}"
        case .sumPoolGradient(let window, let input): "{\(window), input \(Shape(input))}"
        case .crossReplicaGroupSum(let groups): "{groups \(groups)}"
        case .scatterAdd(let rows): "{rows \(rows)}"
        case .cumulativeSum(let axis, let isReversed): "{axis \(axis)\(isReversed ? ", reversed" : "")}"
        }
    }
}

extension Literal {
    /// Up to eight elements, then the number of all.
    package var text: String {
        let shown = type.dtype.isFloating ? doubles.prefix(8).map(\.description) : integers.prefix(8).map(\.description)
        return shown.joined(separator: ",") + (type.count > 8 ? ",… (\(type.count))" : "")
    }
}

extension Initializer {
    /// As `uniform(-0.5,0.5)`.
    package var text: String {
        switch self {
        case .constant(let value): "constant(\(value))"
        case .literal(let literal): "literal(\(literal.text))"
        case .uniform(let low, let high): "uniform(\(low),\(high))"
        case .normal(let mean, let deviation): "normal(\(mean),\(deviation))"
        case .truncatedNormal(let mean, let deviation): "truncatedNormal(\(mean),\(deviation))"
        case .varianceScaling(let scale, let fan, let distribution):
            "varianceScaling(\(scale),\(fan.rawValue),\(distribution.rawValue))"
        case .orthogonal(let gain): "orthogonal(\(gain))"
        case .identity(let gain): "identity(\(gain))"
        }
    }
}
