import Estimator
import Graph
import Testing

@Suite struct PositionWeightsTests {
    private func tensors(_ weights: [Float]?) -> [HostTensor] {
        let some = HostTensor(name: "t", type: TensorType(.float32, [1]), bytes: [0, 0, 0, 0])
        guard let weights else { return [some, some] }
        let bytes = weights.flatMap { withUnsafeBytes(of: $0) { [UInt8]($0) } }
        return [some, some, HostTensor(name: "w", type: TensorType(.float32, [weights.count]), bytes: bytes)]
    }

    private func all(_ weights: [Float]?, count: Int) throws -> [Double] {
        let weights = try PositionWeights(tensors(weights), count: count)
        return (0..<count).map { weights[$0] }
    }

    @Test func oneForEachOrForSeveral() throws {
        #expect(try all(nil, count: 3) == [1, 1, 1])
        #expect(try all([1, 2, 3], count: 3) == [1, 2, 3])
        #expect(try all([2, 3], count: 6) == [2, 2, 2, 3, 3, 3])
        #expect(try all([], count: 0) == [])
    }

    @Test(arguments: [[1, 2], [1, 2, 3, 4], [1, 2, 3, 4, 5, 6]] as [[Float]])
    func othersAreRefused(weights: [Float]) {
        #expect(throws: MetricError.self) { try all(weights, count: 3) }
    }
}
