import Datasets
import Formats
import TestSupport
import Testing

@Suite struct InputPipelineTests {
    private static func source(_ examples: Int) -> SourceDefinition {
        .synthetic(.init(type: .float32, shape: [4], labels: .classes(3), examples: examples, seed: 1))
    }

    @Test func countsBatches() {
        let table: [(records: Int, size: Int, repeated: Int?, full: Bool, batches: Int?)] = [
            (10, 4, 1, true, 2), (10, 4, 1, false, 3), (8, 4, 1, false, 2), (10, 4, 2, true, 5),
            (10, 4, nil, true, nil),
            (0, 4, nil, true, 0), (0, 4, 7, false, 0), (10, 4, 0, false, 0), (3, 4, 1, true, 0), (3, 4, 1, false, 1),
            (10, 4, .max, true, nil),
        ]
        for row in table {
            let pipeline = InputPipeline(
                source: Self.source(1), repeatCount: row.repeated, dropRemainder: row.full)
            #expect(pipeline.batchCount(ofSize: row.size, records: row.records) == row.batches, "\(row)")
        }
    }

    /// The count is that of the batches that come.
    @Test func theCountIsWhatComes() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("inputs of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            let (records, size, times) = (1 + random.below(12), 1 + random.below(9), 1 + random.below(3))
            let pipeline = InputPipeline(
                source: Self.source(records), repeatCount: times, dropRemainder: random.below(2) == 0)
            let iterator = try pipeline.open(DataRoots([])).batches(ofSize: size)
            var count = 0
            while try iterator.next() != nil { count += 1 }
            #expect(pipeline.batchCount(ofSize: size, records: records) == count, "seed \(seed)")
        }
    }

    /// What does not fit is told before anything is read, and all of it.
    @Test func limitsAreHeld() throws {
        let shuffle = InputPipeline.Shuffle(bufferSize: 10, seed: 1)
        let pipeline = InputPipeline(
            source: Self.source(1000), map: [.reshape([3])], shuffle: shuffle, cache: true)
        let error = #expect(throws: DatasetError.self) {
            try pipeline.check(DataRoots([]), limits: SourceLimits(bytes: 7999))
        }
        #expect(error?.faults(at: .root).map { "\($0.pointer)" } == ["/map/0/reshape", "/shuffle"])
        let cached = InputPipeline(source: Self.source(1000), cache: true)
        let large = #expect(throws: DatasetError.self) {
            try cached.check(DataRoots([]), limits: SourceLimits(bytes: 19_999))
        }
        #expect(large?.detail == "can't keep 1000 records of 20 bytes in memory: the limit is 19999 bytes")
        #expect(throws: Never.self) { try cached.check(DataRoots([]), limits: SourceLimits(bytes: 20_000)) }
    }

    /// A header of a few bytes announces as many records as it likes, each of nothing: they are counted, not visited.
    @Test func thereAreNoMoreRecordsThanNumbersForThem() throws {
        let folder = try TemporaryFolder()
        let header = #"{"x":{"dtype":"F32","shape":[1152921504606846976,0],"data_offsets":[0,0]}}"#
        try folder.write(
            "d.safetensors",
            withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8))
        try folder.writeIDX("x", shape: [1, 0], [], announced: [Int(UInt32.max), 0])
        try folder.writeIDX("y", shape: [1, 0], [], announced: [Int(UInt32.max) - 1, 0])
        let roots = DataRoots([folder.path])
        for (source, count) in [
            (SourceDefinition.safetensors(path: "d.safetensors", features: ["x"], labels: []), 1 << 60),
            (.idx(features: "x", labels: nil), Int(UInt32.max)),
        ] {
            let pipeline = InputPipeline(source: source, map: [.scale(2)])
            let checked = #expect(throws: DatasetError.self) { try pipeline.check(roots) }
            let opened = #expect(throws: DatasetError.self) { try pipeline.open(roots) }
            #expect(checked == opened && checked?.code == .tooLarge && checked?.pointer.description == "/source")
            #expect(checked?.detail == "has \(count) records, more than 4294967294")
        }
        #expect(try InputPipeline(source: .idx(features: "y", labels: nil)).open(roots).count == 4_294_967_294)
    }

    @Test func numbersThatMakeNoSenseAreRefused() {
        for (pipeline, pointer) in [
            (InputPipeline(source: Self.source(1), shuffle: .init(bufferSize: 0, seed: 1)), "/shuffle/buffer_size"),
            (InputPipeline(source: Self.source(1), repeatCount: -1), "/repeat"),
            (InputPipeline(source: Self.source(1), prefetch: 0), "/prefetch"),
        ] {
            let checked = #expect(throws: DatasetError.self) { try pipeline.check(DataRoots([])) }
            let opened = #expect(throws: DatasetError.self) { _ = try pipeline.open(DataRoots([])) }
            #expect(checked.map { "\($0.pointer)" } == pointer && checked?.detail == opened?.detail)
        }
    }
}
