/// The fixed partition of all cores' samples into lanes. It depends on the program and the options alone, never on
/// threads, as it fixes the order of sums.
struct LaneCut: Sendable, Hashable {
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

    /// Samples below which a further lane costs more than it brings.
    private static let leastSamples = 64
    /// Samples with which products reach their full speed.
    private static let goodSamples = 256

    /// The partition of `replicas` batches of `batch` samples into about `lanes` lanes; nil chooses.
    init(batch: Int, replicas: Int, lanes: Int?) {
        let samples = batch * replicas
        let wanted = lanes ?? LaneCut.count(for: samples)
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
            // The same number of parts of every core.
            let parts = max(1, min(batch, (wanted + replicas - 1) / replicas))
            segmentsPerReplica = parts
            self.lanes = (0..<(replicas * parts)).map { index in
                let replica = index / parts
                let part = index % parts
                let first = replica * batch
                let range = (first + batch * part / parts)..<(first + batch * (part + 1) / parts)
                return Lane(samples: range, segments: [Segment(replica: replica, samples: range, index: index)])
            }
        }
    }

    /// Lanes of 256 samples, or of no fewer than 64 when there would be less than two such; at most 16.
    private static func count(for samples: Int) -> Int {
        let good = samples / goodSamples
        return good >= 2 ? min(16, good) : max(1, min(2, samples / leastSamples))
    }

    /// The most samples in a lane.
    var longest: Int { lanes.map(\.samples.count).max() ?? 0 }
}
