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
        #expect(throws: FormatError.self) { try NDArray(type: .float32, shape: [2], bytes: [0]) }
        let array = NDArray([1, 2, 3] as [Int64])
        #expect(array.count == 3)
        #expect(try array.elements(as: Int64.self) == [1, 2, 3])
        #expect(throws: FormatError.self) { try array.elements(as: Float.self) }
    }

    @Test func convertsWithoutTraps() throws {
        let floats = NDArray([0, -1.5, 300.7, .nan, .infinity, -1e30] as [Float])
        #expect(try floats.converted(to: .uint8).elements(as: UInt8.self) == [0, 0, 255, 0, 255, 0])
        #expect(try floats.converted(to: .int32).elements(as: Int32.self) == [0, -1, 300, 0, .max, .min])
        #expect(floats.converted(to: .bool).bytes == [0, 1, 1, 1, 1, 1])
        let whole = NDArray([-1, 256, 7] as [Int64])
        #expect(try whole.converted(to: .uint8).elements(as: UInt8.self) == [255, 0, 7])
        #expect(whole.doubles == [-1, 256, 7])
        #expect(try NDArray([3 as UInt8]).converted(to: .float32).elements(as: Float.self) == [3])
        for source in ElementType.allCases {
            for target in ElementType.allCases {
                #expect(NDArray(zeros: source, shape: [3]).converted(to: target) == NDArray(zeros: target, shape: [3]))
            }
        }
    }

    @Test func halvesRoundTrip() {
        for bits in UInt16.min ... .max {
            let value = HalfFloat.float(half: bits)
            let brain = HalfFloat.float(brain: bits)
            if !value.isNaN { #expect(HalfFloat.half(value) == bits) }
            if !brain.isNaN { #expect(HalfFloat.brain(brain) == bits) }
        }
        #expect(HalfFloat.half(65519) == 0x7BFF)
        #expect(HalfFloat.half(65520) == 0x7C00)
        #expect(HalfFloat.half(1 + 0x1p-11) == 0x3C00)
        #expect(HalfFloat.half(1 + 0x3p-11) == 0x3C02)
        #expect(HalfFloat.float(half: 0x0001) == 0x1p-24)
        #expect(HalfFloat.brain(1.00390625) == 0x3F80)
    }
}
