import Executor
package import Formats
import Graph
package import OrderedCollections

/// Values to start from in place of the initializers': variables only (warm start), or with slots and global step
/// (continuing another run).
package struct StartingPoint: Sendable {
    /// The model's variables by name; what the model does not have is left aside.
    package var variables: OrderedDictionary<String, NDArray>
    /// The optimizer's slots by name; nil: they start anew.
    package var slots: OrderedDictionary<String, NDArray>?
    /// The global step.
    package var globalStep: Int

    /// A point to start from; without slots and step by default.
    package init(
        variables: OrderedDictionary<String, NDArray>, slots: OrderedDictionary<String, NDArray>? = nil,
        globalStep: Int = 0
    ) {
        self.variables = variables
        self.slots = slots
        self.globalStep = globalStep
    }
}

/// Moves variables between an executor and arrays.
struct VariableTransfer: Sendable {
    let executor: any ProgramExecutor
    let built: BuiltProgram

    /// Sets the model's variables, the slots where given, and the graph's global step.
    func restore(
        variables: OrderedDictionary<String, NDArray>, slots: OrderedDictionary<String, NDArray>?, globalStep: Int
    ) throws {
        for variable in built.modelVariables { try write(variable, from: variables) }
        if let slots {
            for variable in built.slotVariables { try write(variable, from: slots) }
        }
        try write(globalStep: globalStep)
    }

    /// Sets everything from a checkpoint, or from a starting point while there is none, or leaves the initial values.
    func restore(_ checkpoint: Checkpoint?, or startingPoint: StartingPoint?) throws {
        if let checkpoint {
            try restore(
                variables: NamedArray.dictionary(checkpoint.variables),
                slots: NamedArray.dictionary(checkpoint.slots), globalStep: checkpoint.step)
        } else if let startingPoint {
            try restore(
                variables: startingPoint.variables, slots: startingPoint.slots, globalStep: startingPoint.globalStep)
        }
    }

    /// Sets the variables that a scaffold has values of.
    ///
    /// - Throws: ``TrainingError/modelFailed(detail:)`` for a value without a variable,
    ///   ``TrainingError/variableMismatch(name:found:expected:)`` for one of another type or shape.
    func start(from scaffold: Scaffold) throws {
        for (name, value) in scaffold.initialValues {
            guard let variable = built.modelVariables.first(where: { $0.name == name }) else {
                throw TrainingError.modelFailed(
                    detail: "the scaffold has a value of \(name), and the model no variable of that name")
            }
            guard value.type == variable.type else {
                throw TrainingError.variableMismatch(
                    name: name, found: "\(value.type.dtype.rawValue) \(value.type.shape.dimensions)",
                    expected: "\(variable.type.dtype.rawValue) \(variable.type.shape.dimensions)")
            }
            do {
                try executor.write(variable: name, bytes: value.bytes)
            } catch {
                throw TrainingError.executionFailed(detail: error.description)
            }
        }
    }

    private func write(globalStep: Int) throws {
        guard built.program.variables.contains(where: { $0.name == GlobalStep.name }) else { return }
        try write(
            Variable(
                name: GlobalStep.name, type: .scalar(.int64), isTrainable: false, initializer: .zeros),
            from: [GlobalStep.name: NDArray([Int64(globalStep)], shape: [])])
    }

    private func write(_ variable: Variable, from arrays: OrderedDictionary<String, NDArray>) throws {
        let array = try variable.array(in: arrays)
        do {
            try executor.write(variable: variable.name, bytes: array.bytes)
        } catch {
            throw TrainingError.executionFailed(detail: error.description)
        }
    }

    /// Copies the model's variables and the slots.
    func snapshot() throws -> (variables: [NamedArray], slots: [NamedArray]) {
        (try built.modelVariables.map(read), try built.slotVariables.map(read))
    }

    /// The first of the model's variables, in order of creation, that holds an infinity or a NaN.
    func firstNotFinite() throws -> String? {
        try built.modelVariables.first { variable in
            let array = try read(variable).array
            return Literal(type: variable.type, bytes: array.bytes).doubles.contains { !$0.isFinite }
        }?.name
    }

    /// Sets this executor's model variables to those of another one, and its global step.
    func copyVariables(from other: VariableTransfer, globalStep: Int) throws {
        var arrays: OrderedDictionary<String, NDArray> = [:]
        for variable in other.built.modelVariables { arrays[variable.name] = try other.read(variable).array }
        try restore(variables: arrays, slots: nil, globalStep: globalStep)
    }

    /// Sets all of another program's variables, slots and the graph's global step included, to this one's; the other
    /// has the same variables.
    func copyAll(to other: VariableTransfer) throws {
        do {
            for variable in built.program.variables {
                try other.executor.write(
                    variable: variable.name, bytes: try executor.read(variable: variable.name))
            }
        } catch {
            throw TrainingError.executionFailed(detail: "\(error)")
        }
    }

    private func read(_ variable: Variable) throws -> NamedArray {
        do {
            let bytes = try executor.read(variable: variable.name)
            guard let type = ElementType(rawValue: variable.type.dtype.rawValue) else {
                preconditionFailure("every element type of a graph is one of the file formats'")
            }
            return NamedArray(
                name: variable.name,
                array: try NDArray(type: type, shape: variable.type.shape.dimensions, bytes: bytes))
        } catch {
            throw TrainingError.executionFailed(detail: "\(error)")
        }
    }
}

extension Variable {
    /// The array of this variable's name, type and shape.
    ///
    /// - Throws: ``TrainingError/variableMissing(name:)``, ``TrainingError/variableMismatch(name:found:expected:)``.
    func array(in arrays: OrderedDictionary<String, NDArray>) throws(TrainingError) -> NDArray {
        guard let array = arrays[name] else { throw .variableMissing(name: name) }
        guard array.type.rawValue == type.dtype.rawValue, array.shape == type.shape.dimensions else {
            throw .variableMismatch(
                name: name, found: array.description, expected: "\(type.dtype.rawValue) \(type.shape.dimensions)")
        }
        return array
    }
}

extension NamedArray {
    /// Arrays by name.
    package static func dictionary(_ arrays: [NamedArray]) -> OrderedDictionary<String, NDArray> {
        var result: OrderedDictionary<String, NDArray> = [:]
        for named in arrays { result[named.name] = named.array }
        return result
    }
}
