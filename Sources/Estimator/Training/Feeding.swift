import Executor

/// Cuts the global batch among hosts (and cores) and starts the hosts' feeding threads.
struct Feeding {
    let context: TPUContext
    let input: any InputFunction
    let params: ModelParameters
    let batchSize: Int
    let shards: Int
    let hosts: Int

    /// One thread a host, each with the iterator of its rows, or with one for each of its cores when input is sharded
    /// per core.
    ///
    /// A start that fails leaves no thread.
    ///
    /// - Throws: ``TrainingError/inputFailed(detail:)``; `EstimatorError.threadNotStarted`.
    func feeders(into queue: InfeedQueue, firstBatch: Int, dropRemainder: Bool) throws -> [InputFeeder] {
        let hostRows = batchSize / hosts
        let parts = try context.isInputShardedPerCore ? shards / hosts : 1
        let partRows = hostRows / parts
        var feeders: [InputFeeder] = []
        do {
            for host in 0..<hosts {
                let sources = try (0..<parts).map { part in
                    let rows = (part * partRows)..<((part + 1) * partRows)
                    return InputFeeder.Source(
                        iterator: try iterator(
                            rows: (host * hostRows + rows.lowerBound)..<(host * hostRows + rows.upperBound),
                            firstBatch: firstBatch, dropRemainder: dropRemainder),
                        rows: rows)
                }
                feeders.append(
                    try InputFeeder(
                        host: host, queue: queue, sources: sources, hostRows: hostRows, keepsRemainder: !dropRemainder))
            }
        } catch {
            // They wait for their first grant.
            for feeder in feeders { feeder.stop() }
            throw error
        }
        return feeders
    }

    /// An iterator over rows of every global batch.
    ///
    /// - Throws: ``TrainingError/inputFailed(detail:)``.
    func iterator(rows: Range<Int>, firstBatch: Int, dropRemainder: Bool) throws -> any InputIterator {
        let handed = try context.batchSizeForInputFunction
        do {
            return try input.makeIterator(
                InputRequest(
                    mode: try context.mode, params: params.with(batchSize: handed.map { _ in rows.count }),
                    globalBatchSize: batchSize, rows: rows, firstBatch: firstBatch, dropRemainder: dropRemainder))
        } catch {
            throw TrainingError(input: error)
        }
    }
}

/// Grants the feeding threads a loop's steps where there is no TPU system to initialise and no controller: training on
/// the CPU.
final class HostFeedHook: SessionHook {
    private let feeders: [InputFeeder]

    /// A hook for these threads.
    init(feeders: [InputFeeder]) { self.feeders = feeders }

    func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
        let steps = Int(try context.session.variables.value(of: .iterationsPerLoop))
        if steps > 0 { for feeder in feeders { try feeder.grant(steps) } }
        return []
    }
}
