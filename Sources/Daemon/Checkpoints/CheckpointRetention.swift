import Jobs
package import Store

/// Which checkpoints of a job go, as a value: what is recorded in, steps out.
///
/// The newest good one never goes, nor do the best. One that only a stop caused goes as soon as a newer one is there: an
/// undisturbed job has none. Of the other good ones the newest stay, as many as `keep_checkpoint_max` says. A damaged one
/// stays to be seen until as many good ones are newer than it.
package enum CheckpointRetention {
    /// The word of `kept_because` for a checkpoint that only a stop caused.
    package static let stop = "STOP"

    /// - Parameters:
    ///   - checkpoints: all that are recorded, in any order.
    ///   - limit: how many stay; nil and 0 for all.
    /// - Returns: the steps of those that go, oldest first.
    package static func surplus(of checkpoints: [StoredCheckpoint], limit: Int?) -> [Int] {
        var surplus: [Int] = []
        var hasNewerGood = false
        var kept = 0
        for checkpoint in checkpoints.sorted(by: { $0.step > $1.step }) {
            let isBeyond = limit.map { $0 > 0 && kept >= $0 } ?? false
            let isStop = checkpoint.keptBecause == stop
            let isBest = checkpoint.keptBecause == StoredCheckpoint.best
            if hasNewerGood, !isBest, isBeyond || isStop { surplus.append(checkpoint.step) }
            if checkpoint.state == .good {
                hasNewerGood = true
                if !isStop { kept += 1 }
            }
        }
        return surplus.reversed()
    }
}
