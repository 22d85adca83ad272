import Executor
package import Graph

/// The memory that a job's steps take by the plan of its program, beside the memory that there is. Nothing is allocated for
/// it.
package struct StepMemory: Sendable, Hashable {
    /// Bytes of variables, intermediate results, the threads' own memory and the queues of input and output. Saturates.
    package let bytes: Int
    /// Bytes that there are for it.
    package let limit: Int
    /// Whether results of the forward pass are computed again for the backward pass, as the plan would not fit with all of
    /// them kept.
    package let recomputes: Bool

    /// Whether it fits.
    package var fits: Bool { bytes <= limit }

    /// More than any plan of a program takes, as far as that can be said without planning: every value with a buffer of its
    /// own on all cores or in each thread, sums over rows in so many parts as there are lanes at most, and the queues.
    package static func most(_ program: Program, shards: Int, _ options: ExecutionOptions) -> Int {
        var values = 0
        var parts = 0
        for node in program.nodes {
            let bytes = node.type.byteCount
            values = values.adding(saturating: bytes)
            switch node.op {
            case .dot, .reduce, .convolutionFilterGradient, .scatterAdd: parts = parts.adding(saturating: bytes)
            default: break
            }
        }
        let queued = (program.infeed + program.outfeedTypes).reduce(0) { $0.adding(saturating: $1.byteCount) }
            .multiplied(saturating: options.inputStepsAhead)
        let lanes = max(16, options.lanes ?? 0)
        return values.multiplied(saturating: options.threads.adding(saturating: 1))
            .adding(saturating: parts.multiplied(saturating: lanes)).adding(saturating: queued)
            .multiplied(saturating: shards).adding(saturating: options.threads.multiplied(saturating: smallThings))
    }

    /// Bytes of a thread's blocks and of a kernel's scratch, generously.
    private static let smallThings = 16 << 20
}

extension ExecutionOptions {
    /// Bytes that a plan may take: ``memoryBytes``, or the machine's memory.
    package var memoryLimit: Int { memoryBytes ?? MachineMemory.bytes }

    /// What the plan of a program takes on so many cores; of one whose variables alone are too large, these.
    ///
    /// - Throws: ``TrainingError/modelFailed(detail:)`` for a program that has no plan.
    package func memory(of program: Program, shards: Int) throws -> StepMemory {
        let variables = program.variables.reduce(0) { $0.adding(saturating: $1.type.byteCount) }
        guard variables <= memoryLimit else {
            return StepMemory(bytes: variables, limit: memoryLimit, recomputes: false)
        }
        do throws(ExecutorError) {
            let memory = try PlanMemory(
                of: program, executorOptions(shards: shards, hosts: 1, seed: 0, stepsAhead: nil))
            return StepMemory(
                bytes: memory.bytes, limit: memoryLimit, recomputes: memory.recomputation != nil)
        } catch {
            throw TrainingError.modelFailed(detail: error.detail)
        }
    }

    /// True for a program whose plan fits for certain, which is found at a fraction of a plan's price.
    package func surelyFits(_ program: Program, shards: Int) -> Bool {
        StepMemory.most(program, shards: shards, self) <= memoryLimit
    }
}
