import Estimator
import Formats
import Testing

@Suite struct DataInputTests {
    /// The batches that an iterator gives, the first element's bytes.
    private func batches(
        _ input: DataInput, size: Int, rows: Range<Int>? = nil, first: Int = 0, dropRemainder: Bool = false,
        most: Int = 9
    ) throws -> [[Float]] {
        let iterator = try input.makeIterator(
            InputRequest(
                mode: .train, params: ModelParameters(), globalBatchSize: size, rows: rows ?? 0..<size,
                firstBatch: first,
                dropRemainder: dropRemainder))
        let types = input.features.elements + (input.labels?.elements ?? [])
        let buffers = types.map {
            UnsafeMutableRawBufferPointer.allocate(byteCount: $0.byteCount * size, alignment: 64)
        }
        defer { for buffer in buffers { buffer.deallocate() } }
        var batches: [[Float]] = []
        while batches.count < most, let count = try iterator.next(into: buffers) {
            batches.append(Array(buffers[0].bindMemory(to: Float.self).prefix(count * types[0].shape.count)))
        }
        return batches
    }

    private func numbers(_ count: Int) throws -> DataInput {
        try DataInput.arrays(
            features: .single(try HostTensor((0..<count).map { Float($0) })),
            labels: .single(try HostTensor((0..<count).map { Int32($0) })))
    }

    @Test func arrays() throws {
        let input = try numbers(5)
        #expect(input.features == .single(.scalar(.float32)) && input.labels == .single(.scalar(.int32)))
        #expect(input.recordCount == 5 && input.ownBatchSize == 128)
        #expect(try batches(input, size: 2) == [[0, 1], [2, 3], [4]])
        #expect(try batches(input, size: 2, dropRemainder: true) == [[0, 1], [2, 3]])
        #expect(try batches(input, size: 4, rows: 1..<3, first: 1) == [[]], "the others' rows of a short batch")
        let twice = try input.repeated(2)
        #expect(twice.recordCount == 10)
        #expect(try batches(twice, size: 4) == [[0, 1, 2, 3], [4, 0, 1, 2], [3, 4]])
        let endless = try input.repeated()
        #expect(
            try endless.recordCount == nil && batches(endless, size: 3, first: 1, most: 2) == [[3, 4, 0], [1, 2, 3]])
    }

    @Test func severalArrays() throws {
        let input = try DataInput.arrays(
            features: .named([
                "image": try HostTensor([UInt8](repeating: 7, count: 24), shape: [3, 4, 2]),
                "size": try HostTensor([1.0, 2.0, 3.0]),
            ]))
        #expect(
            input.features == .named(["image": TensorType(.uint8, [4, 2]), "size": .scalar(.float64)]))
        #expect(input.labels == nil)
    }

    /// The seed alone rules the order; every epoch has each record once.
    @Test func shuffled() throws {
        let input = try numbers(20).repeated(2).shuffled(seed: 5)
        let order = try batches(input, size: 20)
        #expect(order.count == 2 && order[0] != order[1])
        for epoch in order { #expect(epoch.sorted() == (0..<20).map { Float($0) }) }
        #expect(try batches(try numbers(20).shuffled(seed: 5).repeated(2), size: 20) == order)
        #expect(try batches(input, size: 5, first: 2, most: 2).joined().elementsEqual(order[0][10...]))
        #expect(try batches(try numbers(20).shuffled(seed: 5, window: 1), size: 20) == [(0..<20).map { Float($0) }])
    }

    @Test func csv() throws {
        let folder = try TemporaryFolder()
        try folder.put(Array("a,b,c\n1,2,0\n3,4,1\n5,6,0\n".utf8), "t.csv")
        let all = try DataInput.csv("\(folder.path)/t.csv", label: "c")
        #expect(all.features == .single(TensorType(.float32, [2])) && all.labels == .single(.scalar(.int64)))
        #expect(try batches(all, size: 3) == [[1, 2, 3, 4, 5, 6]])
        let regression = try DataInput.csv("\(folder.path)/t.csv", label: "a", features: ["b"], isRegression: true)
        #expect(regression.labels == .single(.scalar(.float32)))
        #expect(try batches(regression, size: 2) == [[2, 4], [6]])
        #expect(try DataInput.csv("\(folder.path)/t.csv", label: nil).labels == nil)
    }

    @Test func safetensors() throws {
        let folder = try TemporaryFolder()
        let file = Safetensors(tensors: [
            "x": NDArray([Float(1), 2, 3, 4], shape: [2, 2]), "y": NDArray([Int64(0), 1]),
            "wide": NDArray(zeros: .uint64, shape: [2]),
        ])
        try folder.put(file.serialized(), "d.safetensors")
        let path = "\(folder.path)/d.safetensors"
        #expect(
            try batches(try DataInput.safetensors(path, features: ["x"], labels: ["y"]), size: 2) == [[1, 2, 3, 4]])
        let error = #expect(throws: TrainingError.self) { try DataInput.safetensors(path, features: ["wide"]) }
        #expect(error?.description.contains("wide is of type uint64, which a model can't compute with") == true)
        #expect(throws: TrainingError.self) { try DataInput.safetensors(path, features: []) }
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        try folder.put(Array("a,b\n1,x\n".utf8), "bad.csv")
        for path in ["none.csv", "bad.csv"] {
            let error = #expect(throws: TrainingError.self) {
                try DataInput.csv("\(folder.path)/\(path)", label: "a")
            }
            #expect(error?.description.contains(path) == true)
        }
        #expect(throws: TrainingError.self) { try numbers(3).repeated(-1) }
        #expect(throws: TrainingError.self) { try numbers(3).shuffled(seed: 1, window: 0) }
        #expect(
            throws: TrainingError.inputFailed(
                detail:
                    "labels is of shape [2], and features of [3]: give all the same number of records, along the first "
                    + "axis")
        ) {
            try DataInput.arrays(
                features: .single(try HostTensor([1, 2, 3])), labels: .single(try HostTensor([1, 2])))
        }
        #expect(throws: TrainingError.self) { try DataInput.arrays(features: .single(try HostTensor([Float]()))) }
    }

    /// It trains as any other input does, on whatever number of hosts.
    @Test func trains() throws {
        var bytes: [[[UInt8]]] = []
        for (hosts, useTPU) in [(1, true), (4, true), (1, false)] {
            let folder = try TemporaryFolder()
            let input = try DataInput.arrays(
                features: .single(try HostTensor(SmallModel.features, shape: [SmallModel.rows, 6])),
                labels: .single(try HostTensor(SmallModel.classes))
            ).repeated().shuffled(seed: 3)
            let model = SmallModel(useTPU: useTPU, hosts: hosts)
            try model.estimator(folder).train(input: input, maxSteps: 8)
            bytes.append(try folder.arrays(at: 8))
        }
        #expect(bytes[0] == bytes[1])
    }
}
