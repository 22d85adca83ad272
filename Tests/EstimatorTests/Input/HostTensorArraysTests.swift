import Estimator
import Graph
import Testing

@Suite struct HostTensorArraysTests {
    @Test func types() throws {
        func type(_ tensor: HostTensor) -> TensorType { tensor.type }
        #expect(try type(HostTensor([UInt8(1), 2])) == TensorType(.uint8, [2]))
        #expect(try type(HostTensor([Int8(1)])) == TensorType(.int8, [1]))
        #expect(try type(HostTensor([UInt16(1)])) == TensorType(.uint16, [1]))
        #expect(try type(HostTensor([Int16(1)])) == TensorType(.int16, [1]))
        #expect(try type(HostTensor([Int32(1)])) == TensorType(.int32, [1]))
        #expect(try type(HostTensor([1, 2], shape: [1, 2])) == TensorType(.int64, [1, 2]))
        #expect(try type(HostTensor([1.5])) == TensorType(.float64, [1]))
        #expect(try HostTensor([Float(1.5), -2]).floats == [1.5, -2])
        #expect(try HostTensor([1, -2, 3, 4], shape: [2, 2]).integers == [1, -2, 3, 4])
    }

    @Test func refusals() {
        #expect(throws: TrainingError.inputFailed(detail: "3 elements do not fill the shape [2, 2]")) {
            try HostTensor([1, 2, 3], shape: [2, 2])
        }
        #expect(throws: TrainingError.inputFailed(detail: "4 elements do not fill the shape [-2, -2]")) {
            try HostTensor([1, 2, 3, 4], shape: [-2, -2])
        }
        for make in [{ _ = try HostTensor([UInt32(1)]) }, { _ = try HostTensor([UInt64(1)]) }] as [() throws -> Void] {
            let error = #expect(throws: TrainingError.self) { try make() }
            #expect(error?.description.contains("can't be computed with: expected one of bool, uint8") == true)
        }
    }
}
