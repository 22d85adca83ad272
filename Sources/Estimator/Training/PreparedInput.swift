import Executor
import Graph

/// Input whose functions have been called: what the program's infeed looks like, and where its rows come from.
package struct PreparedInput: Sendable {
    /// What one call of the input function gave.
    struct Part: Sendable {
        /// The host that it feeds.
        let host: Int
        /// The flattened tensors.
        let tensors: [InputTensor]
        /// Which of the host's rows it gives.
        let rowsOfHost: Range<Int>
    }

    /// What feeds a host for one step.
    package enum Operations: Sendable, Hashable {
        /// So many enqueue operations, one a core.
        case operations(Int)
        /// A loop that runs them as often as the iterations variable says.
        case whileLoop
    }

    private let recorder: StructureRecorder
    private let parts: [Part]
    /// Parts that each tuple is split into.
    private let shards: Int
    private let batchAxes: [Int]?
    /// Rows of one host's part of a global batch.
    package let rowsOfHost: Int
    /// Batches that a call gives a step, one a core, where it gives less than the host's rows at once; 1: one batch.
    private let batchesOfHost: Int
    /// Cores that get the same rows.
    private let copies: Int
    private let firstBatch: Int
    private let operationsOfHost: Operations
    /// Hosts that are fed.
    package let hosts: Int
    private let tracer: EventTracer

    init(
        recorder: StructureRecorder, parts: [Part], shards: Int, batchAxes: [Int]?, rowsOfHost: Int,
        batchesOfHost: Int = 1, copies: Int = 1, firstBatch: Int, operationsOfHost: Operations, hosts: Int,
        tracer: EventTracer
    ) {
        self.batchesOfHost = batchesOfHost
        self.copies = copies
        self.recorder = recorder
        self.parts = parts
        self.shards = shards
        self.batchAxes = batchAxes
        self.rowsOfHost = rowsOfHost
        self.firstBatch = firstBatch
        self.operationsOfHost = operationsOfHost
        self.hosts = hosts
        self.tracer = tracer
    }

    /// Input of the CPU: one call, for all rows.
    init(onHost result: InputResult, rows: Int, firstBatch: Int, tracer: EventTracer) throws(EstimatorError) {
        var recorder = StructureRecorder()
        let tensors = try recorder.flatten(result.features, result.labels)
        self.init(
            recorder: recorder, parts: [Part(host: 0, tensors: tensors, rowsOfHost: 0..<rows)], shards: 1,
            batchAxes: nil, rowsOfHost: rows, firstBatch: firstBatch, operationsOfHost: .operations(1), hosts: 1,
            tracer: tracer)
    }

    /// Rows of one core's part of a step, of so many cores.
    func rowsOfCore(_ cores: Int) -> Int { copies > 1 ? rowsOfHost : rowsOfHost * hosts / cores }

    /// What feeds each host, in order.
    package var enqueueOperations: [Operations] { [Operations](repeating: operationsOfHost, count: hosts) }

    /// The names of the tensors that one tuple is made of, as the input functions call them.
    package var flattenedNames: [String] { parts[0].tensors.map(\.signature.name) }

    /// Features and labels as a core's tuple of the infeed gives them, by the names of its elements: of the first host's queue,
    /// since all have the same types.
    ///
    /// - Throws: `EstimatorError.flattenedCountMismatched`.
    package func dequeue() throws(EstimatorError) -> (features: Structure<String>, labels: Structure<String>?) {
        let count = parts[0].tensors.count
        tracer.record(.build(.infeedDequeue(queue: 0, count: count)))
        return try recorder.unflatten((0..<count).map { "infeed\($0)" })
    }

    /// Features and labels by the names that the input function gave them.
    package func named() throws(EstimatorError) -> (features: Structure<String>, labels: Structure<String>?) {
        try recorder.unflatten(flattenedNames)
    }

    /// Axis of the batch of each element of the tuple.
    var axes: [Int] { batchAxes ?? [Int](repeating: 0, count: parts[0].tensors.count) }

    /// Types of features and labels of one record: the axis of the batch is left out.
    ///
    /// - Throws: ``TrainingError/inputFailed(detail:)`` for tensors without such an axis, or of other types or rows than the
    ///   first call's.
    func types() throws -> (features: TypeStructure, labels: TypeStructure?) {
        let axes = axes
        guard axes.count == parts[0].tensors.count else {
            throw TrainingError.inputFailed(
                detail: "batch_axis names \(axes.count) axes, and a batch has \(parts[0].tensors.count) tensors")
        }
        let records = try parts.map { part in
            try zip(part.tensors, axes).map { tensor, axis in
                try record(of: tensor, axis: axis, rows: rowsOfCall(part))
            }
        }
        for (part, types) in zip(parts, records) where types != records[0] {
            throw TrainingError.inputFailed(
                detail: "host \(part.host) gets tensors of other types than the first: give all calls the same")
        }
        return try recorder.unflatten(records[0])
    }

    private func record(of tensor: InputTensor, axis: Int, rows: Int) throws -> TensorType {
        let name = tensor.signature.name
        guard let type = tensor.type else {
            throw TrainingError.inputFailed(
                detail: "the tensor \(name) is element \(tensor.element) of its batches, which they lack")
        }
        var dimensions = type.shape.dimensions
        guard dimensions.indices.contains(axis) else {
            throw TrainingError.inputFailed(detail: "the tensor \(name), \(type), has no axis \(axis) for its batch")
        }
        guard dimensions[axis] == rows else {
            throw TrainingError.inputFailed(
                detail:
                    "the tensor \(name), \(type), has \(dimensions[axis]) rows along axis \(axis), expected \(rows): "
                    + "give as many as params.batchSize says")
        }
        guard dimensions[axis] % shards == 0 else {
            throw TrainingError.inputFailed(
                detail: "the tensor \(name) has \(rows) rows along axis \(axis), expected a multiple of \(shards), "
                    + "the cores of a host")
        }
        dimensions.remove(at: axis)
        return TensorType(type.dtype, Shape(dimensions))
    }

    /// Rows that an iterator gives at a time: those of the host's part, or where that is asked for batch by batch those of one core,
    /// unless the function gives rows of global batches.
    private func rowsOfCall(_ part: Part) -> Int {
        let count = part.rowsOfHost.count
        guard batchesOfHost > 1, part.tensors.first?.type?.shape.dimensions.first != count else { return count }
        return count / batchesOfHost
    }

    /// Iterators of a host, in the order of its rows.
    func sources(ofHost host: Int) -> [InputFeeder.Source] {
        parts.filter { $0.host == host }.flatMap { part in
            let rows = rowsOfCall(part)
            let batches = part.rowsOfHost.count / max(1, rows)
            let iterator = TupleIterator.of(
                part.tensors, axes: axes, shards: shards, skipping: firstBatch.multiplied(saturating: batches))
            return (0..<batches).map { batch in
                let start = part.rowsOfHost.lowerBound + batch * rows
                return InputFeeder.Source(iterator: iterator, rows: start..<(start + rows))
            }
        }
    }

    /// One feeding thread a host, each with the iterators of its rows.
    ///
    /// A start that fails leaves no thread.
    ///
    /// - Parameters:
    ///   - keepsRemainder: whether a last batch with fewer rows is kept for the one host's feeder.
    ///   - profiler: is told what feeding takes; nil, the default: nobody is.
    /// - Throws: `EstimatorError.threadNotStarted`.
    func feeders(
        into queue: InfeedQueue, keepsRemainder: Bool, profiler: ProfileRecorder? = nil
    ) throws(EstimatorError) -> [InputFeeder] {
        var feeders: [InputFeeder] = []
        do {
            for host in 0..<hosts {
                feeders.append(
                    try InputFeeder(
                        host: host, queue: queue, sources: sources(ofHost: host), hostRows: rowsOfHost, copies: copies,
                        keepsRemainder: keepsRemainder, firstBatch: firstBatch, profiler: profiler))
            }
        } catch {
            // They wait for their first grant.
            for feeder in feeders { feeder.stop() }
            throw error
        }
        return feeders
    }
}
