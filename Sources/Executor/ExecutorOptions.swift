import Graph

/// How a program is run: how many cores are simulated and by what.
package struct ExecutorOptions: Sendable, Hashable {
    /// Simulated cores; each runs the program on its own batch.
    package var replicas: Int
    /// Simulated hosts; each feeds `replicas / hosts` neighbouring cores. Must divide `replicas`.
    package var hosts: Int
    /// Threads that compute; never changes bits.
    package var threads: Int
    /// Lanes that a step's rows are cut into, which fixes the order of sums; nil lets the executor choose from the
    /// program and `replicas` alone.
    package var lanes: Int?
    /// Chains that the lanes are taken in, which bounds how many threads share them and how many partial sums there are; nil
    /// lets the executor choose as above.
    package var chains: Int?
    /// Steps of input that each host may be ahead. At least 1.
    package var infeedCapacity: Int
    /// Steps of output that may wait to be fetched. At least 1.
    package var outfeedCapacity: Int
    /// Seed of the variables' initial values.
    package var seed: UInt64
    /// Bytes that a plan may take before results of the forward pass are computed again for the backward pass rather than
    /// kept; see `Recomputation`. Never changes bits. Default nil: whatever it takes.
    package var memoryBytes: Int?
    /// Whether products of numbers that were rounded to bfloat16 are left to the processor's own bfloat16 products, which
    /// changes the order of their sums; else they are computed in float32. Default: where the processor has them.
    package var multipliesBFloat16 = OneDNN.multipliesBFloat16
    /// Whether the time of each instruction is measured; see `LaneExecutor.profile`. Default false.
    package var isProfiled = false

    /// Options; without arguments one core on one host and one thread, two steps ahead, seed 0.
    package init(
        replicas: Int = 1, hosts: Int = 1, threads: Int = 1, lanes: Int? = nil, chains: Int? = nil,
        infeedCapacity: Int = 2, outfeedCapacity: Int = 2, seed: UInt64 = 0
    ) {
        self.replicas = replicas
        self.hosts = hosts
        self.threads = threads
        self.lanes = lanes
        self.chains = chains
        self.infeedCapacity = infeedCapacity
        self.outfeedCapacity = outfeedCapacity
        self.seed = seed
    }

    /// Verifies a program and refuses one whose sums over groups name another number of cores than run it. Throws
    /// `invalidProgram`.
    func validate(_ program: Program) throws(ExecutorError) {
        do throws(GraphError) {
            try Verifier.verify(program)
        } catch {
            throw ExecutorError(.invalidProgram, error.description)
        }
        if let expected = program.groupedReplicas.first, expected != replicas {
            throw ExecutorError(
                .invalidProgram,
                "its sums over groups name \(expected) cores, and \(replicas) run it: name every core in one group")
        }
    }

    /// Refuses what no executor can run.
    package func validate() throws(ExecutorError) {
        guard replicas >= 1, hosts >= 1, replicas % hosts == 0 else {
            throw ExecutorError(.invalidOptions, "\(replicas) cores cannot be spread evenly over \(hosts) hosts")
        }
        guard threads >= 1, lanes ?? 1 >= 1, chains ?? 1 >= 1, infeedCapacity >= 1, outfeedCapacity >= 1 else {
            throw ExecutorError(.invalidOptions, "threads, lanes, chains and capacities are at least 1")
        }
    }
}
