import Executor
import Graph
import Synchronization

extension TPUEstimator {
    /// An executor for a program, as the execution options say. The first one of a program that rounds to bfloat16 has a
    /// warning logged where the processor has no products of bfloat16.
    ///
    /// - Parameter stepsAhead: Steps of input ahead of the device; nil: the execution options'.
    /// - Throws: what ``ExecutionOptions/executor(for:shards:hosts:seed:stepsAhead:)`` throws.
    func executor(
        for built: BuiltProgram, shards: Int, hosts: Int, seed: UInt64, stepsAhead: Int? = nil
    ) throws -> any ProgramExecutor {
        let isRounded = built.program.nodes.contains { $0.op == .unary(.roundToBFloat16) }
        if isRounded, !execution.multipliesBFloat16, !isEmulationTold.exchange(true, ordering: .relaxed) {
            observer?.logged(
                .warning,
                "mixed_bfloat16 is emulated, as this processor has neither AVX-512 BF16 nor AMX: the numbers are rounded as "
                    + "a TPU rounds them and multiplied in float32, so a step takes no less time than in float32")
        }
        return try execution.executor(for: built, shards: shards, hosts: hosts, seed: seed, stepsAhead: stepsAhead)
    }
}
