import Jobs
import Store
import Testing

@Suite struct AttemptRecordTests {
    @Test(arguments: [
        (Double?.none, Double?.none), (.nan, nil), (.infinity, nil), (-.infinity, nil), (0, 0), (-0.5, -0.5),
    ])
    func aValueThatIsNotFiniteIsNone(given: Double?, kept: Double?) {
        #expect(MetricPoint(name: "loss", step: 1, value: given, at: TestStore.time(1)).value == kept)
    }

    @Test func aCheckpointIsAsLongAsItsFiles() {
        func bytes(_ lengths: [Int]) -> Int {
            StoredCheckpoint(
                step: 1, attempt: 1, createdAt: TestStore.time(1), keptBecause: "",
                files: lengths.map { CheckpointFile(name: "f", bytes: $0, sha256: "") }
            ).bytes
        }
        #expect(bytes([]) == 0)
        #expect(bytes([3, 0, 40]) == 43)
        // What a worker says of its files comes from outside.
        #expect(bytes(Array(repeating: 1 << 53 - 1, count: 3000)) == .max)
    }
}
