import Estimator
import Graph
import Testing

@Suite struct ThresholdAccumulatorTests {
    private func tensor(_ numbers: [Float], _ shape: [Int]) -> HostTensor {
        let bytes = numbers.flatMap { withUnsafeBytes(of: $0) { [UInt8]($0) } }
        return HostTensor(name: "t", type: TensorType(.float32, Shape(shape)), bytes: bytes)
    }

    /// What is found at 0.5, of each tally one number.
    private func found(isByLabel: Bool, digits: Double = 100) -> ThresholdAccumulator {
        ThresholdAccumulator(thresholds: [0.5], isByLabel: isByLabel) { tallies in
            tallies.reduce(0) { $0 * digits + $1[0].truePositives + $1[0].falsePositives }
        }
    }

    @Test func stepsAddUp() throws {
        var all = found(isByLabel: false)
        #expect(all.value == 0)
        let labels = tensor([1, 0, 1, 0], [2, 2])
        try all.update([labels, tensor([0.9, 0.9, 0.1, 0.6], [2, 2])])
        #expect(all.value == 3)
        try all.update([labels, tensor([0.9, 0.1, 0.1, 0.1], [2, 2])])
        #expect(all.value == 4)
    }

    @Test func eachLabelHasItsTally() throws {
        var each = found(isByLabel: true)
        try each.update([tensor([1, 0, 1, 0], [2, 2]), tensor([0.9, 0.9, 0.1, 0.6], [2, 2])])
        #expect(each.value == 102, "one in the first column, two in the second")
    }

    /// One weight a row is that of all its numbers, one a number its own.
    @Test func weights() throws {
        let step = [tensor([1, 0, 1, 0], [2, 2]), tensor([0.9, 0.9, 0.1, 0.6], [2, 2])]
        var rows = found(isByLabel: true)
        try rows.update(step + [tensor([3, 5], [2])])
        #expect(rows.value == 308)
        var numbers = found(isByLabel: true)
        try numbers.update(step + [tensor([1, 2, 4, 8], [2, 2])])
        #expect(numbers.value == 110)
    }

    @Test func misfits() throws {
        var one = found(isByLabel: true)
        #expect(throws: MetricError.self) { try one.update([tensor([1], [1]), tensor([1, 0], [2])]) }
        try one.update([tensor([1, 0], [1, 2]), tensor([1, 0], [1, 2])])
        #expect(throws: MetricError.self) { try one.update([tensor([1], [1, 1]), tensor([1], [1, 1])]) }
        #expect(throws: MetricError.self) {
            try one.update([tensor([1, 0], [1, 2]), tensor([1, 0], [1, 2]), tensor([1, 1, 1], [3])])
        }
        #expect(one.value == 100, "what does not fit changes nothing")
    }
}
