import Datasets
import Formats
import OrderedCollections
import TestSupport
import Testing

/// Mapped now or each time they are read: the records are the same.
@Suite struct MappedSourceTests {
    private func dataset(
        _ steps: [MapStep], _ source: SourceDefinition, cached: Int, shuffle: InputPipeline.Shuffle? = nil
    ) throws(DatasetError) -> Dataset {
        try InputPipeline(source: source, map: steps, shuffle: shuffle, dropRemainder: false)
            .open(DataRoots([]), limits: SourceLimits(cachedBytes: cached))
    }

    /// The steps' names, whatever the memory: as much as is needed, one byte less, none.
    @Test func theLimitChangesNoRecord() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("maps of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let known: [MapStep] = [
            .cast(.float64), .cast(.uint8), .cast(.float16), .scale(0.3), .offset(-7), .reshape([3, 2]), .reshape([6]),
            .normalize(mean: [1, 2, 3, 4, 5, 6], std: [2]), .normalize(mean: [9], std: [1, 2, 3, 4, 5, 6]), .oneHot(10),
        ]
        for _ in 0..<30 {
            var steps = (0..<random.below(5)).map { _ in known[random.below(known.count - 1)] }
            if random.below(2) == 0 { steps.append(.oneHot(10)) }
            let type = ElementType.allCases[random.below(ElementType.allCases.count)]
            let count = 1 + random.below(40)
            let source = SourceDefinition.synthetic(
                .init(type: type, shape: [6], labels: .classes(10), examples: count, seed: random.next()))
            let shuffle = random.below(2) == 0 ? nil : InputPipeline.Shuffle(bufferSize: 1 + random.below(50), seed: 7)
            let kept = try dataset(steps, source, cached: .max, shuffle: shuffle)
            let whole = try kept.batches(ofSize: count).next()
            let size = kept.layout.recordBytes * count
            #expect(whole?.map(\.bytes.count).reduce(0, +) == size)
            for cached in [size, size - 1, 0] {
                let other = try dataset(steps, source, cached: cached, shuffle: shuffle)
                #expect(other.layout == kept.layout)
                #expect(try other.batches(ofSize: count).next() == whole, "\(steps), \(type), seed \(seed)")
            }
        }
    }

    /// Records larger than a piece, and more than fit in one.
    @Test(arguments: [(2, 300_000), (300_000, 1), (3, (1 << 18) / 4)]) func piecesAreJoined(count: Int, width: Int)
        throws
    {
        let source = SourceDefinition.synthetic(
            .init(type: .uint8, shape: [width], labels: .none, examples: count, seed: 4))
        let plain = try #require(try dataset([], source, cached: 0).batches(ofSize: count).next())
        let mapped = try #require(try dataset([.offset(1)], source, cached: .max).batches(ofSize: count).next())
        #expect(mapped[0].type == .float32)
        #expect(try mapped[0].elements(as: Float.self) == plain[0].bytes.map { Float($0) + 1 })
    }

    /// A label that is not a class is told by its row, when the records are read or, kept in memory, before.
    @Test func rowsKeepTheirNumbers() throws {
        let source = SourceDefinition.synthetic(
            .init(type: .uint8, shape: [1], labels: .array(type: .uint8, shape: []), examples: 300, seed: 4))
        let labels = try #require(try dataset([], source, cached: 0).batches(ofSize: 300).next())[1].bytes
        let first = try #require(labels.firstIndex { $0 >= 200 })
        let said = "the label of row \(first + 1) is \(labels[first]), but there are 200 classes (0 to 199)"
        let kept = #expect(throws: DatasetError.self) { try dataset([.oneHot(200)], source, cached: .max) }
        #expect(kept?.detail == said && kept?.pointer.description == "/map/0/one_hot")
        let later = try dataset([.oneHot(200)], source, cached: 0).batches(ofSize: 1)
        for _ in 0..<first { _ = try later.next() }
        let read = #expect(throws: DatasetError.self) { try later.next() }
        #expect(read == kept)
    }

    /// Records that hold nothing are as many.
    @Test func recordsOfNothingAreMapped() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "d.safetensors",
            Safetensors(tensors: ["x": NDArray([] as [UInt8], shape: [3, 0])]).serialized())
        for cached in [0, 1 << 20] {
            let data = try InputPipeline(
                source: .safetensors(path: "d.safetensors", features: ["x"], labels: []),
                map: [.scale(2), .reshape([0, 4])]
            ).open(DataRoots([folder.path]), limits: SourceLimits(cachedBytes: cached))
            #expect(try data.batches(ofSize: 3).next() == [NDArray([] as [Float], shape: [3, 0, 4])])
        }
    }
}
