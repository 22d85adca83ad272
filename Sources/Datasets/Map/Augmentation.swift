import Formats

/// What a map does to records from its first random step on, each time that they come in a stream.
///
/// What is drawn for a record depends on the seed and on the record's number in the stream alone: it is another draw in
/// each epoch, and the same one on any number of hosts and after a restart. All features of a record get the same draws.
struct Augmentation: Sendable {
    private let ways: [ElementMap]
    private let features: ArraySlice<ElementSpec>
    private let seed: UInt64

    init(_ map: RecordMap, seed: UInt64) {
        ways = map.drawn
        features = map.kept.features
        // Other numbers than a shuffle by the same seed, whose streams are the epochs, can have.
        var random = SplitMix64(seed: seed, stream: .max)
        self.seed = random.next()
    }

    /// What is read of an element before it is changed; nil for one that stays as it is read.
    func input(of element: Int) -> ElementSpec? {
        element < ways.count && !ways[element].isIdentity ? features[element] : nil
    }

    /// Makes what comes in the stream of consecutive records that were read; `first` is the first one's number in it.
    func apply(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, element: Int, first: Int
    ) throws(DatasetError) {
        let count = source.count / max(1, features[element].byteCount)
        let draws = (first..<(first + count)).map { SplitMix64(seed: seed, stream: UInt64($0)) }
        try ways[element].apply(source, into: target, first: first, RecordLocations(), draws: draws)
    }
}
