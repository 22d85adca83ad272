package import Graph

/// The memory that running a program takes, found from its plan: nothing of it is allocated. All sums saturate.
package struct PlanMemory: Sendable, Hashable {
    /// Bytes of variables, values between regions and constants.
    package let buffers: Int
    /// Bytes of all threads' own memory: values within a lane, blocks of fused groups, kernels' scratch.
    package let workers: Int
    /// Bytes of the infeed's and the outfeed's slots.
    package let queues: Int

    /// What the plan computes a second time, to save memory; nil: nothing.
    package let recomputation: Recomputation?

    /// All of it.
    package var bytes: Int { buffers.adding(saturating: workers).adding(saturating: queues) }

    /// The memory of a verified program.
    ///
    /// - Throws: `invalidOptions`, and `unsupported` for an op that an element type doesn't have.
    package init(of program: Program, _ options: ExecutorOptions) throws(ExecutorError) {
        try options.validate()
        self.init(try StepPlanner.plan(program, options, fault: FaultFlag()), program, options)
    }

    /// The memory of a plan.
    init(_ plan: StepPlan, _ program: Program, _ options: ExecutorOptions) {
        let slots = [(program.infeed, options.infeedCapacity), (program.outfeedTypes, options.outfeedCapacity)].map {
            types, capacity in
            types.reduce(0) { $0.adding(saturating: $1.byteCount) }.multiplied(saturating: options.replicas)
                .multiplied(saturating: capacity)
        }
        buffers = Memory.byteCount(plan.buffers)
        workers = plan.workerSize.byteCount.multiplied(saturating: options.threads)
        recomputation = plan.recomputation
        queues = slots[0].adding(saturating: slots[1])
    }
}
