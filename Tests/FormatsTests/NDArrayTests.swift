import Formats
import Testing

@Suite struct NDArrayTests {
    @Test func knowsItsSize() throws {
        #expect(ElementType.float32.bytes(ofShape: [2, 3]) == 24)
        #expect(ElementType.float32.bytes(ofShape: []) == 4)
        #expect(ElementType.float32.bytes(ofShape: [0, 5]) == 0)
        #expect(ElementType.float32.bytes(ofShape: [-1]) == nil)
        #expect(ElementType.float32.bytes(ofShape: [.max, 2]) == nil)
        #expect(ElementType.float32.bytes(ofShape: [0, .max, .max]) == nil)
        let short = #expect(throws: FormatError.self) { try NDArray(type: .float32, shape: [2], bytes: [0]) }
        #expect(short?.code == .mismatch && short?.detail == "1 bytes don't make a float32 array of shape [2]")
        let array = NDArray([1, 2, 3] as [Int64])
        #expect(array.count == 3)
        #expect(try array.elements(as: Int64.self) == [1, 2, 3])
        let other = #expect(throws: FormatError.self) { try array.elements(as: Float.self) }
        #expect(other?.code == .mismatch && other?.detail == "The array holds int64, not float32")
    }
}
