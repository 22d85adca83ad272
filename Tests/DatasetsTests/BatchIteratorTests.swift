import Datasets
import Formats
import Testing

@Suite struct BatchIteratorTests {
    private func dataset(
        _ count: Int, shuffle: InputPipeline.Shuffle? = nil, repeats: Int? = 1, drop: Bool = true, map: [MapStep] = [],
        cached: Int = 1 << 30
    ) throws -> Dataset {
        let definition = SyntheticDefinition(
            type: .uint8, shape: [3], labels: .classes(10), examples: count, seed: 5)
        return try InputPipeline(
            source: .synthetic(definition), map: map, shuffle: shuffle, repeatCount: repeats, dropRemainder: drop
        ).open(DataRoots([]), limits: SourceLimits(cachedBytes: cached))
    }

    private func all(_ iterator: BatchIterator, limit: Int = 100) throws -> [[NDArray]] {
        var batches: [[NDArray]] = []
        while batches.count < limit, let batch = try iterator.next() { batches.append(batch) }
        return batches
    }

    @Test func cutsTheStreamIntoBatches() throws {
        let full = try all(dataset(10).batches(ofSize: 4))
        #expect(full.map { $0[0].shape } == [[4, 3], [4, 3]])
        let partial = try all(dataset(10, drop: false).batches(ofSize: 4))
        #expect(partial.map { $0[1].shape } == [[4], [4], [2]])
        let twice = try all(dataset(10, repeats: 2).batches(ofSize: 4))
        #expect(twice.count == 5)
        #expect(try all(dataset(10, repeats: 0).batches(ofSize: 4)).isEmpty)
        #expect(try all(dataset(3, repeats: nil).batches(ofSize: 4), limit: 7).count == 7)
        #expect(try dataset(10).batchCount(ofSize: 4) == 2)
        #expect(try dataset(10, drop: false).batchCount(ofSize: 4) == 3)
        #expect(try dataset(10, repeats: nil).batchCount(ofSize: 4) == nil)
    }

    /// Neither the number of hosts nor a restart changes a byte of the stream.
    @Test(arguments: 0..<60) func theStreamIsTheSameForAnyHostsAndRestarts(seed: UInt64) throws {
        var random = SplitMix64(seed: seed, stream: 1)
        let count = Int(random.next(below: 40)) + 1
        let hosts = Int(random.next(below: 4)) + 1
        let size = hosts * (Int(random.next(below: 6)) + 1)
        let buffer = Int(random.next(below: 50)) + 1
        let repeats = [nil, 1, 3][Int(random.next(below: 3))]
        let data = try dataset(
            count, shuffle: random.next(below: 4) == 0 ? nil : .init(bufferSize: buffer, seed: seed), repeats: repeats,
            drop: random.next(below: 2) == 0, cached: random.next(below: 2) == 0 ? 0 : 1 << 30)
        let whole = try all(data.batches(ofSize: size), limit: 12)
        let share = size / hosts
        let parts = try (0..<hosts).map { host in
            try all(data.batches(ofSize: size, rows: (host * share)..<((host + 1) * share)), limit: 12)
        }
        for (step, batch) in whole.enumerated() {
            for element in batch.indices {
                let joined = parts.flatMap { $0[step][element].bytes }
                #expect(joined == batch[element].bytes, "seed \(seed)")
            }
        }
        let cut = Int(random.next(below: UInt64(whole.count + 1)))
        let first = try data.batches(ofSize: size)
        for _ in 0..<cut { _ = try first.next() }
        let saved = first.position
        #expect(saved == StreamPosition(batches: cut, records: count))
        let rest = try all(data.batches(ofSize: size, from: saved), limit: 12 - cut)
        #expect(rest == Array(whole[cut...]), "seed \(seed)")
    }

    @Test func everyEpochHoldsEveryRecordOnce() throws {
        for buffer in [1, 2, 7, 100, 1000] {
            var orders: Set<[UInt32]> = []
            for epoch in 0..<5 {
                let order = EpochOrder(count: 100, bufferSize: buffer, seed: 3, epoch: epoch).records
                #expect(order.sorted() == Array(0..<100))
                #expect(order == EpochOrder(count: 100, bufferSize: buffer, seed: 3, epoch: epoch).records)
                // tf.data: the record at place p is one of the first p + buffer records.
                for (place, record) in order.enumerated() { #expect(Int(record) < place + buffer) }
                orders.insert(order)
            }
            #expect(orders.count == (buffer == 1 ? 1 : 5))
        }
    }

    @Test func aWholeWindowIsUniform() {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 5)
        for epoch in 0..<5000 {
            let order = EpochOrder(count: 5, bufferSize: 5, seed: 9, epoch: epoch).records
            for (place, record) in order.enumerated() { counts[place][Int(record)] += 1 }
        }
        // 1,000 expected, standard deviation 28: six of them.
        for row in counts { for count in row { #expect(abs(count - 1000) < 170) } }
    }
}
