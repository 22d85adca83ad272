import Executor

/// Calls the input function for each host or each core, and says how what it returns reaches the infeed (TensorFlow:
/// `_InputPipeline`, rules I1–I7).
package struct InfeedPipeline {
    private let context: TPUContext
    private let call: InputCall
    private let batchAxis: [Int]?
    private let wrapsIntoWhileLoop: Bool
    private let hosts: Int
    private let coresOfHost: Int
    private let globalBatchSize: Int
    private let tracer: EventTracer

    /// A pipeline.
    ///
    /// - Parameters:
    ///   - call: the call of the input function.
    ///   - batchAxis: each element's axis of the batch, for input that is split over the cores of a host; nil: the first.
    ///   - wrapsIntoWhileLoop: whether the repetition over a loop's steps happens on the host. Default false, as in
    ///     the source (rule X2).
    ///   - hosts: simulated hosts in place of the context's; nil: the context's.
    ///   - tracer: gets what is built, part by part.
    /// - Throws: `EstimatorError.modeNotSet`; ``TrainingError/executionFailed(detail:)`` for cores that hosts can't share.
    package init(
        _ call: InputCall, batchAxis: [Int]? = nil, wrapsIntoWhileLoop: Bool = false, hosts: Int? = nil,
        tracer: EventTracer
    ) throws {
        let cores = call.context.numCores
        if let hosts, hosts < 1 || cores % hosts != 0 {
            let error = ExecutorError(
                .invalidOptions, "\(cores) cores cannot be spread evenly over \(hosts) hosts")
            throw TrainingError.executionFailed(detail: error.description)
        }
        context = call.context
        self.call = call
        self.batchAxis = batchAxis
        self.wrapsIntoWhileLoop = wrapsIntoWhileLoop
        let isBroadcast = context.isInputBroadcast
        self.hosts = isBroadcast ? 1 : hosts ?? context.numHosts
        coresOfHost = isBroadcast ? cores : hosts.map { cores / $0 } ?? context.numOfCoresPerHost
        let mode = try context.mode
        globalBatchSize = (mode == .train ? context.trainBatchSize : context.evalBatchSize) ?? 0
        self.tracer = tracer
    }

    /// Builds the enqueue side: calls the input function for every host in order, for every core of it in order where input is
    /// sharded per core, validates and flattens what it returns, and checks the whole.
    ///
    /// - Parameter firstBatch: batches that were consumed before.
    /// - Throws: what calls of the input function throw; the structure recorder's errors; `EstimatorError` of
    ///   ``InputCheck/check(queueRunners:summaries:isStrict:tracer:)``; what the context throws.
    package func build(firstBatch: Int = 0) throws -> PreparedInput {
        let isPerCore = try context.isInputShardedPerCore
        let isWhole = isPerCore || context.isInputPerHostWithIterators || context.isInputBroadcast
        let placement = try context.tpuHostPlacementFunction
        var recorder = StructureRecorder()
        var parts: [PreparedInput.Part] = []
        var (queueRunners, summaries) = (0, 0)
        for host in 0..<hosts {
            let device = try placement(hostID: host)
            let scope = context.isInputBroadcast ? "" : "input_pipeline_task\(host)"
            if wrapsIntoWhileLoop { record(.whileLoop(device: device)) }
            let calls = isPerCore ? (0..<coresOfHost).map { Optional($0) } : [nil]
            var tuples: [[InputTensor]] = []
            for core in calls {
                let part = part(host: host, core: core)
                let result = try call(
                    device: device, scope: core.map { "\(scope)/ordinal_\($0)" } ?? scope, part: part,
                    firstBatch: firstBatch)
                queueRunners += result.queueRunners
                summaries += result.summaries
                let tuple = try recorder.flatten(result.features, result.labels)
                tuples.append(tuple)
                let start = host * rowsOfHost
                parts.append(
                    PreparedInput.Part(
                        host: host, tensors: tuple,
                        rowsOfHost: (part.rows.lowerBound - start)..<(part.rows.upperBound - start)))
            }
            if isWhole, !isPerCore { tuples = [[InputTensor]](repeating: tuples[0], count: coresOfHost) }
            enqueue(tuples, host: host, device: device, scope: scope, isWhole: isWhole)
            if wrapsIntoWhileLoop { record(.whileLoopEnd) }
        }
        try InputCheck.check(
            queueRunners: queueRunners, summaries: summaries, isStrict: wrapsIntoWhileLoop, tracer: tracer)
        return PreparedInput(
            recorder: recorder, parts: parts, shards: isWhole ? 1 : coresOfHost,
            batchAxes: isWhole ? nil : batchAxis, rowsOfHost: rowsOfHost,
            batchesOfHost: context.isInputPerHostWithIterators ? coresOfHost : 1,
            copies: context.isInputBroadcast ? coresOfHost : 1,
            firstBatch: call.input.seeksFirstBatch ? 0 : firstBatch,
            operationsOfHost: wrapsIntoWhileLoop ? .whileLoop : .operations(coresOfHost), hosts: hosts, tracer: tracer)
    }

    private var rowsOfHost: Int { globalBatchSize.floored(by: hosts) }

    /// The rows of a host, or of one of its cores.
    private func part(host: Int, core: Int?) -> InputPart {
        let ofCore = globalBatchSize.floored(by: context.numCores)
        let count = core == nil ? rowsOfHost : ofCore
        let start = host * rowsOfHost + (core ?? 0) * count
        return InputPart(
            rows: start..<(start + max(0, count)), globalBatchSize: globalBatchSize,
            handedBatchSize: context.isInputPerHostWithIterators ? ofCore : count, host: host, hosts: hosts)
    }

    /// The queue of a host and what fills it.
    private func enqueue(_ tuples: [[InputTensor]], host: Int, device: String, scope: String, isWhole: Bool) {
        let first = tuples[0].map(\.signature)
        let names = tuples.map { $0.map(\.signature.name) }
        if isWhole {
            record(.infeedQueue(queue: host, elements: first.count, split: nil))
            record(.configureFromShards(queue: host, shards: tuples.count))
            record(
                .enqueuePerCore(
                    queue: host, inputs: names, ordinals: tuples.indices.map(context.tpuOrdinal), device: device,
                    scope: scope))
        } else {
            record(
                .infeedQueue(
                    queue: host, elements: first.count,
                    split: InfeedSplit(
                        types: first.map(\.dtype), shapes: first.map(\.shape), shardDimensions: batchAxis)))
            record(.setNumberOfShards(queue: host, shards: coresOfHost))
            record(
                .enqueueSplit(queue: host, inputs: names[0], shards: coresOfHost, placements: [device], scope: scope))
        }
    }

    private func record(_ event: BuildEvent) { tracer.record(.build(event)) }
}

/// What the source checks of an input pipeline's graph (rules G1–G2).
package enum InputCheck {
    /// Complains of threads that fill queues of their own, else of summaries: neither does what it is there for in an input
    /// pipeline of the TPU. At most one complaint, since such queues bring summaries.
    ///
    /// - Parameter isStrict: whether a complaint is an error; otherwise it is a warning in the log.
    /// - Throws: `EstimatorError.queueRunnersNotSupported`, `.inputSummariesNotSupported`.
    package static func check(queueRunners: Int, summaries: Int, isStrict: Bool, tracer: EventTracer)
        throws(EstimatorError)
    {
        let complaint: EstimatorError? =
            queueRunners > 0 ? .queueRunnersNotSupported : summaries > 0 ? .inputSummariesNotSupported : nil
        guard let complaint else { return }
        if isStrict { throw complaint }
        tracer.log(.warning, complaint.description)
    }
}
