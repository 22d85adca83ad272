package import Graph
import Synchronization

/// The definition of what running a program means: slow and obvious, core by core, node by node. Every core keeps its
/// own copy of every variable and computes every node; the cores meet in `crossReplicaSum` and `crossReplicaGroupSum` alone.
// @unchecked: `variables` is touched by the one thread that calls run, write and read (see `ProgramExecutor`).
package final class ReferenceExecutor: ProgramExecutor, @unchecked Sendable {
    /// What it runs.
    package let program: Program
    /// Input of all cores.
    package let infeed: InfeedQueue
    /// Output of all cores; nil when the program hands nothing out.
    package let outfeed: OutfeedQueue?
    private let replicas: Int
    /// Variables by name.
    private let places: [String: Int]
    /// The assign node of each variable that has one.
    private let assignments: [Int: ValueID]
    /// Values by variable, then by core.
    private var variables: [[ReferenceValue]]
    private let isStopRequested = Atomic(false)

    /// Verifies the program and fills its variables. Throws `invalidOptions` and `invalidProgram`.
    package init(program: Program, options: ExecutorOptions) throws(ExecutorError) {
        try options.validate()
        try options.validate(program)
        self.program = program
        places = program.variableIndices
        assignments = program.assignmentByVariable
        replicas = options.replicas
        infeed = InfeedQueue(
            elementTypes: program.infeed, replicas: options.replicas, hosts: options.hosts,
            capacity: options.infeedCapacity)
        outfeed = OutfeedQueue(program: program, options: options)
        variables = program.variables.map { variable in
            let value = ReferenceValue(variable.initialValue(seed: options.seed))
            return [ReferenceValue](repeating: value, count: options.replicas)
        }
    }

    /// Sets a variable on all cores. Throws `unknownVariable`, `sizeMismatch`.
    package func write(variable: String, bytes: [UInt8]) throws(ExecutorError) {
        let index = try index(of: variable)
        let type = program.variables[index].type
        guard bytes.count == type.byteCount else {
            throw ExecutorError(
                .sizeMismatch, "\(type) takes \(type.byteCount) bytes, not \(bytes.count)", node: variable)
        }
        let value = ReferenceValue(Literal(type: type, bytes: bytes))
        variables[index] = [ReferenceValue](repeating: value, count: replicas)
    }

    /// Core 0's value. Throws `unknownVariable`.
    package func read(variable: String) throws(ExecutorError) -> [UInt8] { try read(variable: variable, replica: 0) }

    /// One core's value. Throws `unknownVariable`.
    package func read(variable: String, replica: Int) throws(ExecutorError) -> [UInt8] {
        variables[try index(of: variable)][replica].literal.bytes
    }

    private func index(of variable: String) throws(ExecutorError) -> Int {
        guard let index = places[variable] else {
            throw ExecutorError(.unknownVariable, "no variable has this name", node: variable)
        }
        return index
    }

    /// Asks the running or the next loop to end at the coming step boundary.
    package func requestStop() {
        isStopRequested.store(true, ordering: .sequentiallyConsistent)
        infeed.wake()
        outfeed?.wake()
    }

    /// Runs steps; see `ProgramExecutor.run`.
    package func run(iterations: Int) throws -> LoopResult {
        var result = LoopResult()
        let waitedBefore = infeed.deviceWaitNanoseconds
        let isStopped = { self.isStopRequested.load(ordering: .sequentiallyConsistent) }
        for step in 0..<iterations {
            guard try outfeed?.waitForRoom(isStopped: isStopped) ?? !isStopped(),
                let input = try takeInput(isStopped)
            else {
                result.endedEarly = true
                break
            }
            let values = compute(input)
            result.stepsRun += 1
            result.lossOfCoreZero = program.loss.map { values[$0.index][0].doubles[0] }
            emit(values)
            store(values)
            if let fault = notFinite(values) {
                result.notFinite = LoopResult.NotFinite(step: step, variable: fault.variable)
                break
            }
        }
        isStopRequested.store(false, ordering: .sequentiallyConsistent)
        result.infeedWaitNanoseconds = infeed.deviceWaitNanoseconds - waitedBefore
        return result
    }

    /// Input by element, then by core; nil when the run is to end.
    private func takeInput(_ isStopped: () -> Bool) throws -> [[ReferenceValue]]? {
        guard !program.infeed.isEmpty else { return [] }
        guard case .slot(let slot) = try infeed.take(isStopped: isStopped) else { return nil }
        defer { infeed.release() }
        return zip(slot.buffers, program.infeed).map { buffer, type in
            (0..<replicas).map { core in
                let bytes = buffer[(core * type.byteCount)..<((core + 1) * type.byteCount)]
                return ReferenceValue(Literal(type: type, bytes: [UInt8](bytes)))
            }
        }
    }

    /// Results by node, then by core.
    private func compute(_ input: [[ReferenceValue]]) -> [[ReferenceValue]] {
        var values: [[ReferenceValue]] = []
        for node in program.nodes {
            let operands = node.operands.map { values[$0.index] }
            if case .infeed(let index) = node.op {
                values.append(input[index])
            } else if case .readVariable(let index) = node.op {
                values.append(variables[index])
            } else if node.op == .replicaIndex {
                values.append((0..<replicas).map { ReferenceValue(node.type, .whole([Int64($0)])) })
            } else if node.op == .crossReplicaSum {
                values.append([ReferenceValue](repeating: ReferenceKernels.sum(operands[0]), count: replicas))
            } else if case .crossReplicaGroupSum(let groups) = node.op {
                values.append(
                    (0..<replicas).map { core in
                        ReferenceKernels.sum(groups.members(with: core).map { operands[0][$0] })
                    })
            } else {
                values.append(
                    (0..<replicas).map { core in
                        guard
                            let value = ReferenceKernels.evaluate(node.op, operands.map { $0[core] }, node.type)
                        else { preconditionFailure("the ops without a kernel were handled before") }
                        return value
                    })
            }
        }
        return values
    }

    private func store(_ values: [[ReferenceValue]]) {
        for (variable, value) in assignments { variables[variable] = values[value.index] }
    }

    private func emit(_ values: [[ReferenceValue]]) {
        guard let outfeed else { return }
        for (buffer, entry) in zip(outfeed.nextSlot, program.outfeed) {
            buffer.copyBytes(from: values[entry.value.index].flatMap(\.literal.bytes))
        }
        outfeed.publish()
    }

    /// What was stored first, in order of assignment and on any core, then core 0's loss.
    private func notFinite(_ values: [[ReferenceValue]]) -> (variable: String?, core: Int)? {
        for value in program.assignments {
            guard case .assign(let variable) = program[value].op,
                let core = values[value.index].firstIndex(where: { !$0.isFinite })
            else { continue }
            return (program.variables[variable].name, core)
        }
        if let loss = program.loss, !values[loss.index][0].isFinite { return (nil, 0) }
        return nil
    }
}
