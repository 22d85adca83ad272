import Graph

/// The variables that an optimizer makes for itself: named `<variable>/<slot>`, so that files of slots read like those
/// of variables, and zero at first unless said otherwise.
struct SlotTable {
    private let builder: GraphBuilder
    /// Names in order of creation.
    private(set) var names: [String] = []

    /// An empty table.
    init(builder: GraphBuilder) { self.builder = builder }

    /// A slot of the variable's type.
    mutating func slot(_ name: String, of variable: GraphVariable, initializer: Initializer = .zeros) -> GraphVariable {
        make("\(variable.name)/\(name)", type: variable.type, initializer: initializer)
    }

    /// A slot of the variable's element type, of another shape.
    mutating func slot(_ name: String, of variable: GraphVariable, shape: Shape) -> GraphVariable {
        make("\(variable.name)/\(name)", type: TensorType(variable.type.dtype, shape), initializer: .zeros)
    }

    /// A scalar of the optimizer's own.
    mutating func scalar(_ name: String, initial: Double) -> GraphVariable {
        make(name, type: .scalar(.float32), initializer: .constant(initial))
    }

    private mutating func make(_ name: String, type: TensorType, initializer: Initializer) -> GraphVariable {
        names.append(name)
        return builder.variable(
            name, shape: type.shape, dtype: type.dtype, initializer: initializer, isTrainable: false, isScoped: false)
    }
}

extension Double {
    /// 1 − the number, both in float32: what TensorFlow's kernels compute.
    var float32Complement: Double { Double(1 - Float(self)) }
}
