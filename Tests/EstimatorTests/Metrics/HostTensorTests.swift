import Estimator
import Graph
import Testing

@Suite struct HostTensorTests {
    @Test func numbersOfEachType() {
        let floats: [Float] = [-1.5, 2.75, 0, 1]
        let bytes = floats.withUnsafeBytes { [UInt8]($0) }
        let tensor = HostTensor(name: "t", type: TensorType(.float32, [2, 2]), bytes: bytes)
        #expect(tensor.doubles == [-1.5, 2.75, 0, 1])
        #expect(tensor.floats == floats)
        #expect(tensor.integers == [-1, 2, 0, 1], "cut toward zero")

        let flags = HostTensor(name: "f", type: TensorType(.bool, [3]), bytes: [1, 0, 1])
        #expect(flags.doubles == [1, 0, 1] && flags.integers == [1, 0, 1])
        let whole = HostTensor(name: "i", type: TensorType(.int32, [1]), bytes: [0xFE, 0xFF, 0xFF, 0xFF])
        #expect(whole.integers == [-2] && whole.floats == [-2])
    }

    @Test(
        arguments: [
            ([], 1, 1), ([4], 4, 1), ([2, 3], 2, 3), ([2, 3, 1], 2, 3), ([0, 2], 0, 2),
        ] as [([Int], Int, Int)])
    func rows(shape: [Int], rows: Int, rowCount: Int) {
        let type = TensorType(.uint8, Shape(shape))
        let tensor = HostTensor(name: "t", type: type, bytes: [UInt8](repeating: 1, count: type.byteCount))
        #expect(tensor.shape == shape && tensor.rows == rows && tensor.rowCount == rowCount)
        #expect(tensor.doubles.count == rows * rowCount)
    }
}
