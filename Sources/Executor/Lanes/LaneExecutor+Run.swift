import Graph
import Synchronization

extension LaneExecutor {
    /// Runs steps; see `ProgramExecutor.run`.
    package func run(iterations: Int) throws -> LoopResult {
        MatrixProduct.useCallingThreadOnly()
        var result = LoopResult()
        let waitedBefore = infeed.deviceWaitNanoseconds
        let isStopped = { self.isStopRequested.load(ordering: .sequentiallyConsistent) }
        for step in 0..<iterations {
            guard try outfeed?.waitForRoom(isStopped: isStopped) ?? !isStopped(), try takeInput(isStopped) else {
                result.endedEarly = true
                break
            }
            do {
                defer { if !program.infeed.isEmpty { infeed.release() } }
                try runRegions()
                emit()
            }
            result.stepsRun += 1
            let loss = loss
            result.lossOfCoreZero = loss
            advanceVariables()
            let assignment = fault.takeOrder()
            if assignment != nil || loss?.isFinite == false {
                result.notFinite = LoopResult.NotFinite(step: step, variable: assignment.map(variableName))
                break
            }
        }
        isStopRequested.store(false, ordering: .sequentiallyConsistent)
        result.infeedWaitNanoseconds = infeed.deviceWaitNanoseconds - waitedBefore
        return result
    }

    /// Points the infeed's buffers at the next slot; false when the run is to end.
    private func takeInput(_ isStopped: () -> Bool) throws -> Bool {
        guard !program.infeed.isEmpty else { return true }
        guard case .slot(let slot) = try infeed.take(isStopped: isStopped) else { return false }
        for index in slot.buffers.indices {
            // Empty elements have no address; nobody reads them.
            guard let base = slot.buffers[index].baseAddress else { continue }
            memory[plan.infeed[index]] = UnsafeMutableRawPointer(mutating: base)
        }
        return true
    }

    /// Throws what a kernel throws; the variables are then those of the step's start, since no region that changes one in
    /// place comes before one that may fail.
    private func runRegions() throws(ExecutorError) {
        // A step that failed may have left its own behind.
        _ = fault.takeOrder()
        for index in plan.regions.indices {
            let region = RegionID(index)
            let start = clock == nil ? 0 : MonotonicClock.nanoseconds()
            switch plan.regions[region] {
            case .serial(let steps):
                for index in steps.indices {
                    try timed(region, index, 0) { () throws(ExecutorError) in
                        try steps[index].runAll(memory, workers[0])
                    }
                }
            case .lanes, .replicas, .chunks:
                pool.run(self, region: region, tasks: plan.taskCount(region))
                try fault.throwError()
            }
            clock?.add(region: region, since: start)
        }
    }

    private func emit() {
        guard let outfeed else { return }
        let slot = outfeed.nextSlot
        for index in slot.indices {
            let bytes = outfeed.types[index].byteCount
            for replica in 0..<options.replicas {
                guard let target = slot[index].baseAddress else { continue }
                (target + replica * bytes).copyMemory(
                    from: plan.outfeed[index].address(memory, replica: replica), byteCount: bytes)
            }
        }
        outfeed.publish()
    }

    private var loss: Double? {
        guard let loss = plan.loss else { return nil }
        let base = memory[loss.buffer]
        return loss.dtype == .float32 ? Double(base.load(as: Float.self)) : base.load(as: Double.self)
    }

    /// Makes the next values the current ones.
    private func advanceVariables() {
        for variable in plan.variables {
            guard let next = variable.next else { continue }
            let current = memory[variable.current]
            memory[variable.current] = memory[next]
            memory[next] = current
        }
    }

    private func variableName(_ assignment: Int) -> String {
        guard case .assign(let variable) = program[program.assignments[assignment]].op else { return "" }
        return program.variables[variable].name
    }
}

extension LaneExecutor: LaneTasks {
    /// One chain of lanes, one core or one chunk of a region.
    package func perform(region: RegionID, task: Int, worker: Int) {
        do throws(ExecutorError) {
            switch plan.regions[region] {
            case .serial: break
            case .lanes(let steps):
                let chain = plan.partition.chains[task]
                for number in chain {
                    let lane = LaneContext(
                        memory: memory, worker: workers[worker], lane: plan.partition.lanes[number], chain: task,
                        isFirstOfChain: number == chain.lowerBound, batch: plan.batch)
                    for index in steps.indices {
                        try timed(region, index, worker) { () throws(ExecutorError) in try steps[index].run(lane) }
                    }
                }
            case .replicas(let steps):
                for index in steps.indices {
                    try timed(region, index, worker) { () throws(ExecutorError) in
                        try steps[index].run(memory, workers[worker], replica: task)
                    }
                }
            case .chunks(let groups, let tasks):
                let group = tasks[task].group
                timed(region, group, worker) {
                    groups[group].run(turns: tasks[task].elements, shared: memory, workers[worker], fault: fault)
                }
            }
        } catch {
            fault.report(error)
        }
    }

    /// Runs an instruction, and has the clock, if there is one, add its time.
    @inline(__always)
    private func timed<Failure: Error>(
        _ region: RegionID, _ instruction: Int, _ worker: Int, _ body: () throws(Failure) -> Void
    ) throws(Failure) {
        guard let clock else { return try body() }
        let start = MonotonicClock.nanoseconds()
        try body()
        clock.add(region: region, instruction: instruction, worker: worker, since: start)
    }
}
