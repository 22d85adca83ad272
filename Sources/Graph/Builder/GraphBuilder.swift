/// Collects the nodes and variables of one core's program while a model function runs.
///
/// Faults don't throw where they happen, so that models read as formulas: the first one is kept, tensors that depend on
/// it stand for nothing, and `finish` throws it. Not for use by several threads.
public final class GraphBuilder {
    /// The program so far: infeed, variables, nodes and assignments.
    package internal(set) var program = Program()
    /// The first fault; nil as long as all is well.
    package internal(set) var error: GraphError?
    /// Nodes that gradients don't pass (TensorFlow's `tf.stop_gradient`).
    var gradientStops: Set<ValueID> = []
    // Not the tensors: each holds its builder, and neither would ever go away.
    private var reads: [Int: (id: ValueID?, type: TensorType)] = [:]
    // Kept beside the program, so that a further node or variable costs the same however many there are.
    private var rules = TypeRules(infeed: [], variables: [])
    private var variableIndices: [String: Int] = [:]
    /// Of each assigned variable the place in `program.assignments`, and what it is assigned before its constraint.
    private var assigned: [Int: (place: Int, value: ValueID)] = [:]
    private var constraints: [Int: @Sendable (Tensor) -> Tensor] = [:]
    private var names = NameTable()
    /// The path of the current scope; empty at the top.
    private var scope = ""

    /// A builder of an empty program.
    package init() {}

    // MARK: Scopes

    /// Runs `body` with names below `name` (TensorFlow's `tf.name_scope`); a name used before at this place gets the
    /// suffix `_1`, `_2` ….
    public func withScope<Result, Failure: Error>(
        _ name: String, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outer = scope
        scope = names.unique(qualified(name))
        defer { scope = outer }
        return try body()
    }

    private func qualified(_ name: String) -> String { scope.isEmpty ? name : "\(scope)/\(name)" }

    // MARK: Precision

    /// Whether products and convolutions of float32 round their operands and their result to bfloat16, with sums in float32,
    /// as a TPU multiplies. The products of their gradients do so, too.
    private(set) var multipliesInBFloat16 = false

    /// Runs `body` with products in bfloat16, or in the operands' own type.
    package func withProducts<Result, Failure: Error>(
        inBFloat16: Bool, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outer = multipliesInBFloat16
        multipliesInBFloat16 = inBFloat16
        defer { multipliesInBFloat16 = outer }
        return try body()
    }

    // MARK: Inputs

    /// The next element of this core's infeed tuple.
    package func infeed(_ type: TensorType, name: String = "infeed") -> Tensor {
        program.infeed.append(type)
        rules.infeed.append(type)
        return add(.infeed(index: program.infeed.count - 1), [], name: name)
    }

    /// One number with the given shape: every element is `value`, converted to `dtype`.
    public func constant(_ value: Double, shape: Shape = .scalar, dtype: DType = .float32) -> Tensor {
        let scalar = add(.constant(.splat(value, .scalar(dtype))), [])
        return shape.rank == 0 ? scalar : add(.broadcast(shape: shape, dimensions: []), [scalar])
    }

    /// These numbers in row-major order, converted to `dtype`; as many as `shape` asks for.
    public func constant(_ values: [Double], shape: Shape, dtype: DType = .float32) -> Tensor {
        let type = TensorType(dtype, shape)
        guard shape.isValid, values.count == type.count else {
            return fail(
                GraphError(.invalidArgument, "\(values.count) numbers don't fill \(type)", op: "constant"), type)
        }
        return add(.constant(Literal(type: type, doubles: values)), [])
    }

    /// A literal as it is.
    package func constant(_ literal: Literal) -> Tensor { add(.constant(literal), []) }

    /// 0, 1, 2 … along `axis` (may count from the end).
    public func iota(shape: Shape, axis: Int = 0, dtype: DType = .int64) -> Tensor {
        add(.iota(type: TensorType(dtype, shape), axis: axis < 0 ? axis + shape.rank : axis), [])
    }

    /// Uniform numbers in [0, 1). Draws differ by `seed` and `counter`, a scalar int64 (as a step number); the same
    /// pair gives the same numbers, on all cores unless `counter` differs between them.
    public func randomUniform(shape: Shape, dtype: DType = .float32, seed: UInt64, counter: Tensor) -> Tensor {
        add(.randomUniform(type: TensorType(dtype, shape), seed: seed), [counter])
    }

    /// This core's number, a scalar int32 (TPU `replica_id`).
    package func replicaIndex() -> Tensor { add(.replicaIndex, []) }

    // MARK: Variables

    /// A new variable below the current scope (`tf.get_variable`); a name used before is a fault.
    ///
    /// - Parameters:
    ///   - name: below the scope; may hold slashes.
    ///   - shape: none for a scalar.
    ///   - dtype: float32 by default.
    ///   - initializer: Glorot's uniform by default, as TensorFlow.
    ///   - isTrainable: true by default: optimizers update it.
    ///   - isScoped: true by default; false leaves the scope out of the name.
    ///   - constraint: what becomes of a value that is assigned, of the same type; none by default (`tf.Variable`'s
    ///     `constraint`).
    public func variable(
        _ name: String, shape: Shape = .scalar, dtype: DType = .float32, initializer: Initializer = .glorotUniform,
        isTrainable: Bool = true, isScoped: Bool = true, constraint: (@Sendable (Tensor) -> Tensor)? = nil
    ) -> GraphVariable {
        let name = isScoped ? qualified(name) : name
        var type = TensorType(dtype, shape)
        if variableIndices[name] != nil {
            record(GraphError(.duplicate, "a variable of this name exists", op: "variable", node: name))
        }
        if case .literal(let literal) = initializer, literal.type != type {
            record(GraphError(.typeMismatch, "\(type) starts as \(literal.type)", op: "variable", node: name))
            type = literal.type
        }
        if !shape.isValid {
            record(
                GraphError(.invalidArgument, "\(type) is not a possible type of a variable", op: "variable", node: name)
            )
        }
        if isTrainable && !dtype.isFloating {
            record(
                GraphError(
                    .invalidArgument,
                    "\(type) is not floating, as a variable that optimizers update must be: set isTrainable to false",
                    op: "variable", node: name))
        }
        let place = program.variables.count
        program.variables.append(
            Variable(name: name, type: type, isTrainable: isTrainable, initializer: initializer))
        rules.variables.append(type)
        constraints[place] = constraint
        if variableIndices[name] == nil { variableIndices[name] = place }
        return GraphVariable(builder: self, index: place, name: name, type: type)
    }

    /// The variable of this scoped name; nil: there is none.
    public func variable(named name: String) -> GraphVariable? { variableIndices[name].map(variable(at:)) }

    /// All variables so far, in order of creation.
    public var variables: [GraphVariable] {
        program.variables.indices.map(variable(at:))
    }

    /// Those that optimizers update (`tf.trainable_variables`).
    public var trainableVariables: [GraphVariable] { variables.filter { program.variables[$0.index].isTrainable } }

    private func variable(at place: Int) -> GraphVariable {
        let variable = program.variables[place]
        return GraphVariable(builder: self, index: place, name: variable.name, type: variable.type)
    }

    /// The node that reads a variable; one for all uses.
    func read(_ variable: GraphVariable) -> Tensor {
        if let read = reads[variable.index] { return Tensor(builder: self, id: read.id, type: read.type) }
        let tensor = add(.readVariable(index: variable.index), [], name: "\(variable.name)/read", isScoped: false)
        reads[variable.index] = (tensor.id, tensor.type)
        return tensor
    }

    func assign(_ variable: GraphVariable, _ value: Tensor) -> Tensor {
        if assigned[variable.index] != nil {
            record(GraphError(.duplicate, "it is assigned before", op: "assign", node: variable.name))
        }
        let tensor = constrainedAssignment(of: variable, value)
        if let id = tensor.id, let value = value.id {
            assigned[variable.index] = (program.assignments.count, value)
            program.assignments.append(id)
        }
        return tensor
    }

    private func constrainedAssignment(of variable: GraphVariable, _ value: Tensor) -> Tensor {
        let value = constraints[variable.index]?(value) ?? value
        return add(.assign(variable: variable.index), [value], name: "\(variable.name)/Assign", isScoped: false)
    }

    /// Runs `body` while these variables read as these tensors of their types: what it builds starts from there, and
    /// not from the step's start.
    package func withValues<Result, Failure: Error>(
        _ values: [(variable: GraphVariable, value: Tensor)], _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outer = reads
        for (variable, value) in values {
            if value.type != variable.type {
                record(
                    GraphError(
                        .typeMismatch, "\(variable.type) can't read as \(value.type)", op: "withValues",
                        node: variable.name))
            }
            reads[variable.index] = (value.id, value.type)
        }
        defer { for (variable, _) in values { reads[variable.index] = outer[variable.index] } }
        return try body()
    }

    /// Changes what a variable is assigned in this step, before its constraint; nothing happens where it is not assigned
    /// yet. What used the assigned value so far goes on with the one before the change.
    package func reassign(_ variable: GraphVariable, _ change: (Tensor) -> Tensor) {
        guard let (place, value) = assigned[variable.index] else { return }
        let id = program.assignments[place]
        let node = program[id]
        program.nodes[id.index] = Node(
            op: .reshape(node.type.shape), operands: node.operands, type: node.type, name: node.name)
        let changed = change(tensor(value))
        guard let id = constrainedAssignment(of: variable, changed).id, let value = changed.id else { return }
        assigned[variable.index] = (place, value)
        program.assignments[place] = id
    }

    // MARK: Nodes

    /// Adds a node; a fault is recorded and gives a tensor that stands for nothing.
    package func add(_ op: Op, _ operands: [Tensor], name: String? = nil, isScoped: Bool = true) -> Tensor {
        let requested = name ?? op.defaultNodeName
        let path = isScoped ? qualified(requested) : requested
        for operand in operands where operand.builder !== self {
            return fail(
                GraphError(.foreignTensor, "an operand belongs to another builder", op: op.name, node: path),
                operand.type)
        }
        do throws(GraphError) {
            let type = try rules.result(op, operands.map(\.type))
            let ids = operands.compactMap(\.id)
            guard ids.count == operands.count else { return Tensor(builder: self, id: nil, type: type) }
            program.nodes.append(Node(op: op, operands: ids, type: type, name: names.unique(path)))
            return Tensor(builder: self, id: ValueID(program.nodes.count - 1), type: type)
        } catch {
            return fail(error.at(op: op.name, node: path), operands.first?.type ?? .scalar(.float32))
        }
    }

    /// Keeps the first fault.
    package func record(_ fault: GraphError) { if error == nil { error = fault } }

    /// Records a fault and gives a tensor that stands for nothing. Its type need not be the one that the model goes on
    /// with: whoever looks at a tensor's axes reckons with others.
    func fail(_ fault: GraphError, _ type: TensorType) -> Tensor {
        record(fault)
        let shape = type.shape.isValid ? type.shape : Shape(type.shape.dimensions.map { _ in 1 })
        return Tensor(builder: self, id: nil, type: type.with(shape))
    }

    // MARK: The end

    /// The finished program with all assignments made so far. Throws the first fault of building, and what the verifier
    /// finds.
    ///
    /// - Parameters:
    ///   - loss: one floating number on each core, or nil.
    ///   - outfeed: values that each core hands out in each step, with unique names.
    package func finish(loss: Tensor? = nil, outfeed: [(name: String, value: Tensor)] = []) throws(GraphError)
        -> Program
    {
        if let error { throw error }
        for tensor in outfeed.map(\.value) + (loss.map { [$0] } ?? []) where tensor.builder !== self {
            throw GraphError(.foreignTensor, "a result belongs to another builder")
        }
        var finished = program
        finished.loss = loss?.id
        for (name, value) in outfeed {
            guard let id = value.id else { continue }
            finished.outfeed.append(Program.Outfeed(name: name, value: id))
        }
        try Verifier.verify(finished)
        return finished
    }
}

/// Names given so far; repeats get `_1`, `_2` … as in TensorFlow.
private struct NameTable {
    private var next: [String: Int] = [:]

    mutating func unique(_ name: String) -> String {
        guard var number = next[name] else {
            next[name] = 1
            return name
        }
        var candidate = ""
        repeat {
            candidate = "\(name)_\(number)"
            number += 1
        } while next[candidate] != nil
        next[name] = number
        next[candidate] = 1
        return candidate
    }
}
