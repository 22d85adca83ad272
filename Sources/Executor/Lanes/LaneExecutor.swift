import CKernels
package import Graph
import Synchronization

/// Runs a program on many simulated cores at nearly the price of one large batch: values that are the same on all
/// cores are computed once, the others for all cores' rows together, in lanes that threads take one by one.
///
/// Lanes are fixed by program and options, and so is the order of every sum: results don't depend, to the last bit, on
/// threads, hosts, or how steps are grouped into runs. They depend on the instruction set in so far as oneDNN's
/// products do.
///
/// Once the first steps are done a step allocates nothing; oneDNN's sgemm takes and gives back scratch of its own.
// @unchecked: `memory` is changed by the thread that calls run, write and read (see `ProgramExecutor`) and by the
// tasks that it waits for; the rest does not change or is atomic.
package final class LaneExecutor: ProgramExecutor, @unchecked Sendable {
    /// What it runs.
    package let program: Program
    /// Input of all cores.
    package let infeed: InfeedQueue
    /// Output of all cores; nil when the program hands nothing out.
    package let outfeed: OutfeedQueue?
    let options: ExecutorOptions
    /// Variables by name.
    private let variables: [String: Int]
    let plan: StepPlan
    let memory: Memory
    let fault: FaultFlag
    let pool: LanePool
    let workers: [WorkerMemory]
    let isStopRequested = Atomic(false)
    /// Nil where nobody asked for it.
    let clock: StepClock?

    /// Verifies and plans the program and fills its variables. Throws `invalidOptions`, `invalidProgram`,
    /// `unsupported`, `tooLarge`, `threadNotStarted`.
    package convenience init(program: Program, options: ExecutorOptions) throws(ExecutorError) {
        try self.init(program: program, options: options) { _ in }
    }

    /// The same.
    ///
    /// - Parameter planned: gets the plan's bytes before they are allocated.
    package init(
        program: Program, options: ExecutorOptions, planned: (_ bytes: Int) -> Void
    ) throws(ExecutorError) {
        try options.validate()
        try options.validate(program)
        self.program = program
        variables = program.variableIndices
        self.options = options
        fault = FaultFlag()
        plan = try StepPlanner.plan(program, options, fault: fault)
        let bytes = PlanMemory(plan, program, options).bytes
        try MachineMemory.expect(room: bytes, for: "the program")
        planned(bytes)
        memory = Memory(plan.buffers)
        clock =
            options.isProfiled
            ? StepClock(instructions: plan.instructionCounts, workers: options.threads) : nil
        let size = plan.workerSize
        workers = (0..<options.threads).map { _ in WorkerMemory(size) }
        pool = try LanePool(threads: options.threads) { MatrixProduct.useCallingThreadOnly() }
        infeed = InfeedQueue(
            elementTypes: program.infeed, replicas: options.replicas, hosts: options.hosts,
            capacity: options.infeedCapacity)
        outfeed = OutfeedQueue(program: program, options: options)
        for (buffer, bytes) in plan.contents { store(bytes, to: buffer, copies: 1) }
        for (index, variable) in program.variables.enumerated() {
            store(variable.initialValue(seed: options.seed).bytes, toVariable: index)
        }
    }

    /// Bytes that it has allocated: variables, values between regions, the workers' own memory, the queues. Beside them
    /// are the descriptions of the plan itself, and what oneDNN keeps for itself.
    package var bytes: Int {
        memory.byteCount + workers.reduce(0) { $0 + $1.byteCount } + infeed.byteCount + (outfeed?.byteCount ?? 0)
    }

    /// What a step does, region by region, as text.
    package var planText: String { plan.text }

    /// Where the time of the steps since the last call went; nil where `ExecutorOptions.isProfiled` is false. Not while steps
    /// run.
    package func takeProfile() -> StepProfile? {
        guard let clock else { return nil }
        defer { clock.reset() }
        return StepProfile(
            steps: clock.stepCount,
            regions: RegionID.all(in: plan.regions).map { region in
                let (grid, instructions) = plan.description(ofRegion: region)
                let seconds = clock.seconds(ofRegion: region)
                return StepProfile.Region(
                    grid: grid, tasks: plan.taskCount(region), seconds: seconds.region,
                    instructions: zip(instructions, seconds.instructions).map {
                        StepProfile.Instruction(description: $0, seconds: $1)
                    })
            })
    }

    /// Sums over the cores that accumulate in the contraction over each core's rows.
    package var accumulatedSums: Int { plan.accumulatedSums }

    /// Variables, in order of creation, whose new value overwrites the old one during a step.
    package var variablesInPlace: [String] {
        program.assignmentByVariable.keys.sorted().filter { plan.variables[$0].next == nil }
            .map { program.variables[$0].name }
    }

    /// Sets a variable on all cores. Throws `unknownVariable`, `sizeMismatch`.
    package func write(variable: String, bytes: [UInt8]) throws(ExecutorError) {
        let index = try index(of: variable)
        let type = program.variables[index].type
        guard bytes.count == type.byteCount else {
            throw ExecutorError(
                .sizeMismatch, "\(type) takes \(type.byteCount) bytes, not \(bytes.count)", node: variable)
        }
        store(bytes, toVariable: index)
    }

    /// Core 0's value. Throws `unknownVariable`.
    package func read(variable: String) throws(ExecutorError) -> [UInt8] {
        let index = try index(of: variable)
        let count = program.variables[index].type.byteCount
        return [UInt8](UnsafeRawBufferPointer(start: memory[plan.variables[index].current], count: count))
    }

    /// Asks the running or the next loop to end at the coming step boundary.
    package func requestStop() {
        isStopRequested.store(true, ordering: .sequentiallyConsistent)
        infeed.wake()
        outfeed?.wake()
    }

    private func index(of variable: String) throws(ExecutorError) -> Int {
        guard let index = variables[variable] else {
            throw ExecutorError(.unknownVariable, "no variable has this name", node: variable)
        }
        return index
    }

    /// Writes a variable, on all cores, and what there is of it in bfloat16.
    private func store(_ bytes: [UInt8], toVariable index: Int) {
        let buffer = plan.variables[index].current
        store(bytes, to: buffer, copies: plan.variableCopies[index])
        let count = program.variables[index].type.count
        for (number, variable) in plan.narrowCopies.enumerated() where variable == index {
            let copy = plan.variables[program.variables.count + number].current
            tpud_narrow_f32(
                memory[copy].assumingMemoryBound(to: UInt16.self), memory[buffer].assumingMemoryBound(to: Float.self),
                tpud_layout(row: count, step: 1), 1, count)
        }
    }

    private func store(_ bytes: [UInt8], to buffer: BufferID, copies: Int) {
        bytes.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            for copy in 0..<copies {
                (memory[buffer] + copy * bytes.count).copyMemory(from: source, byteCount: bytes.count)
            }
        }
    }
}
