/// The fixed partition of all cores' samples into lanes. It depends on the program and the options alone, never on
/// threads, as it fixes the order of sums.
struct LanePartition: Sendable, Hashable {
    /// A lane's samples of one core.
    struct Segment: Sendable, Hashable {
        /// The core.
        let replica: Int
        /// Global sample numbers.
        let samples: Range<Int>
        /// Number among the segments of all lanes.
        let index: Int
    }

    /// One lane.
    struct Lane: Sendable, Hashable {
        /// Global sample numbers.
        let samples: Range<Int>
        /// The same by core, in order.
        let segments: [Segment]
    }

    /// All lanes, in order.
    let lanes: [Lane]
    /// Segments of each core.
    let segmentsPerReplica: Int
    /// Lanes by number that one thread takes one behind the other, and whose partial sums add up to one.
    let chains: [Range<Int>]

    /// The partition of `replicas` batches of `batch` samples into about `lanes` lanes in at most `chains` chains; nil chooses.
    ///
    /// - Parameter cost: what one sample takes.
    init(batch: Int, replicas: Int, lanes: Int?, chains: Int? = nil, cost: SampleCost = SampleCost()) {
        let samples = batch * replicas
        let wanted = lanes ?? cost.lanes(for: samples)
        if wanted <= replicas {
            // Whole cores.
            segmentsPerReplica = 1
            self.lanes = (0..<max(1, wanted)).map { lane in
                let count = max(1, wanted)
                let cores = (replicas * lane / count)..<(replicas * (lane + 1) / count)
                return Lane(
                    samples: (cores.lowerBound * batch)..<(cores.upperBound * batch),
                    segments: cores.map { Segment(replica: $0, samples: ($0 * batch)..<(($0 + 1) * batch), index: $0) })
            }
        } else {
            // The same number of segments of every core.
            let count = max(1, min(batch, (wanted + replicas - 1) / replicas))
            segmentsPerReplica = count
            self.lanes = (0..<(replicas * count)).map { index in
                let replica = index / count
                let segment = index % count
                let first = replica * batch
                let range = (first + batch * segment / count)..<(first + batch * (segment + 1) / count)
                return Lane(samples: range, segments: [Segment(replica: replica, samples: range, index: index)])
            }
        }
        let all = self.lanes.count
        let count = max(1, min(all, chains ?? cost.chains(of: all)))
        self.chains = (0..<count).map { (all * $0 / count)..<(all * ($0 + 1) / count) }
    }

    /// The most samples in a lane.
    var longest: Int { lanes.map(\.samples.count).max() ?? 0 }
}
