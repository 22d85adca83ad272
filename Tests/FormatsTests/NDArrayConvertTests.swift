import Formats
import TestSupport
import Testing

/// Conversions of elements, by rules of their own: a whole number by its bytes, a half by the compiler's own type.
@Suite struct NDArrayConvertTests {
    private static func generator() -> (seed: UInt64, random: SeededGenerator) {
        let seed = UInt64.random(in: 0 ... .max)
        print("numbers of seed \(seed)")
        return (seed, SeededGenerator(seed: seed))
    }

    /// A double of any sign and exponent, seldom a special one.
    private static func double(_ random: inout SeededGenerator) -> Double {
        let special = [
            0, -0.0, .nan, .infinity, -.infinity, 65504, 65519.999, 65520, 0x1p-24, 0x1p-25, 0x1p63, -0x1p63,
        ]
        if random.below(10) == 0 { return special[random.below(special.count)] }
        let significand = Double(random.next() >> 11) * 0x1p-53
        let value = (1 + significand) * Double(sign: .plus, exponent: random.below(90) - 40, significand: 1)
        return random.below(2) == 0 ? value : -value
    }

    /// The bytes of a wider or narrower number of the same value modulo the type's range.
    private static func extended(_ bytes: ArraySlice<UInt8>, _ type: ElementType, to size: Int) -> [UInt8] {
        let isSigned = [.int8, .int16, .int32, .int64].contains(type)
        let filling: UInt8 = isSigned && (bytes.last ?? 0) >= 0x80 ? 0xFF : 0
        return Array((bytes + [UInt8](repeating: filling, count: 8)).prefix(size))
    }

    @Test func wholeNumbersWrap() throws {
        var (seed, random) = Self.generator()
        let types = ElementType.allCases.filter(\.isInteger)
        for source in types {
            let bytes = (0..<(20 * source.size)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let array = try NDArray(type: source, shape: [4, 5], bytes: bytes)
            for target in types {
                let wrapped = stride(from: 0, to: bytes.count, by: source.size)
                    .flatMap { Self.extended(bytes[$0..<($0 + source.size)], source, to: target.size) }
                let converted = array.converted(to: target)
                #expect(converted.bytes == wrapped, "\(source) to \(target), seed \(seed)")
                #expect(converted.type == target && converted.shape == [4, 5])
            }
        }
    }

    /// Whole parts, held to the limits; what is no number is 0.
    @Test func fractionsAreCutAndHeld() throws {
        let values = NDArray([-1e30, -1.9, -0.5, .nan, 0.99, 1.5, 1e30, .infinity, -.infinity] as [Double])
        #expect(
            try values.converted(to: .int8).elements(as: Int8.self) == [-128, -1, 0, 0, 0, 1, 127, 127, -128])
        #expect(try values.converted(to: .uint8).elements(as: UInt8.self) == [0, 0, 0, 0, 0, 1, 255, 255, 0])
        #expect(
            try values.converted(to: .int16).elements(as: Int16.self)
                == [-32768, -1, 0, 0, 0, 1, 32767, 32767, -32768])
        #expect(try values.converted(to: .uint16).elements(as: UInt16.self) == [0, 0, 0, 0, 0, 1, 65535, 65535, 0])
        #expect(
            try values.converted(to: .int32).elements(as: Int32.self) == [.min, -1, 0, 0, 0, 1, .max, .max, .min])
        #expect(try values.converted(to: .uint32).elements(as: UInt32.self) == [0, 0, 0, 0, 0, 1, .max, .max, 0])
        #expect(
            try values.converted(to: .int64).elements(as: Int64.self) == [.min, -1, 0, 0, 0, 1, .max, .max, .min])
        #expect(try values.converted(to: .uint64).elements(as: UInt64.self) == [0, 0, 0, 0, 0, 1, .max, .max, 0])
        let edges = NDArray([0x1p63, -0x1p63, 0x1p63.nextDown, 0x1p64.nextDown] as [Double])
        #expect(
            try edges.converted(to: .int64).elements(as: Int64.self)
                == [.max, .min, 9_223_372_036_854_774_784, .max])
        #expect(
            try edges.converted(to: .uint64).elements(as: UInt64.self)
                == [1 << 63, 0, 9_223_372_036_854_774_784, 18_446_744_073_709_549_568])
        let floats = NDArray([0, -1.5, 300.7, .nan, .infinity, -1e30] as [Float])
        #expect(try floats.converted(to: .uint8).elements(as: UInt8.self) == [0, 0, 255, 0, 255, 0])
        #expect(try floats.converted(to: .int32).elements(as: Int32.self) == [0, -1, 300, 0, .max, .min])
    }

    /// Also a byte that is neither 0 nor 1, as a file may hold it, is "true", and "true" is 1.
    @Test func truthIsOne() throws {
        let truths = try NDArray(type: .bool, shape: [4], bytes: [0, 1, 2, 255])
        for target in ElementType.allCases where target != .bool {
            #expect(truths.converted(to: target).doubles == [0, 1, 1, 1], "\(target)")
        }
        #expect(
            NDArray([0, -0.0, .nan, .leastNonzeroMagnitude, -3] as [Double]).converted(to: .bool).bytes == [
                0, 0, 1, 1, 1,
            ])
        #expect(NDArray([0, 256, -1] as [Int16]).converted(to: .bool).bytes == [0, 1, 1])
        let halves = try NDArray(type: .float16, shape: [3], bytes: [0, 0x80, 1, 0, 0, 0x7E])
        #expect(halves.converted(to: .bool).bytes == [0, 1, 1])
    }

    @Test func wholeNumbersBecomeTheNearestFraction() throws {
        let large = NDArray([1 << 53, 1 << 53 + 1, .max, -(1 << 53) - 1] as [Int64])
        #expect(large.doubles == [0x1p53, 0x1p53, 0x1p63, -0x1p53])
        #expect(
            try NDArray([1 << 24 + 1, .max] as [UInt32]).converted(to: .float32).elements(as: Float.self)
                == [0x1p24, 0x1p32])
        let halves = NDArray([2049, 2051, 65519, 65520, -70000] as [Int32]).converted(to: .float16)
        #expect(halves.doubles == [2048, 2052, 65504, .infinity, -.infinity])
        #expect(NDArray([257, 259] as [UInt16]).converted(to: .bfloat16).doubles == [256, 260])
    }

    @Test func theSameTypeAndNothingAtAllAreLeft() throws {
        for type in ElementType.allCases {
            let bytes = (0..<(3 * type.size)).map { UInt8($0) }
            let array = try NDArray(type: type, shape: [3, 1], bytes: bytes)
            #expect(array.converted(to: type) == array)
            for target in ElementType.allCases {
                #expect(NDArray(zeros: type, shape: [0, 2]).converted(to: target).bytes.isEmpty)
                #expect(NDArray(zeros: type, shape: [3]).converted(to: target) == NDArray(zeros: target, shape: [3]))
            }
        }
    }

    /// Buffer to buffer as well, where the type stays.
    @Test func buffersOfOneTypeAreCopied() {
        let source: [UInt8] = [1, 2, 3, 4]
        var target: [UInt8] = [0, 0, 0, 0]
        source.withUnsafeBytes { source in
            target.withUnsafeMutableBytes { ElementConversion.convert(source, .bool, into: $0, .bool) }
        }
        #expect(target == source)
    }

    /// Every binary16 is what the compiler's own type says, and comes back; every bfloat16 comes back.
    @Test func halvesRoundTrip() {
        func isRight(_ bits: UInt16) -> Bool {
            let (value, own) = (HalfFloat.float(half: bits), Float(Float16(bitPattern: bits)))
            if value.isNaN { return own.isNaN && HalfFloat.float(half: HalfFloat.half(value)).isNaN }
            return value.bitPattern == own.bitPattern && HalfFloat.half(value) == bits
        }
        func comesBack(_ bits: UInt16) -> Bool {
            let value = HalfFloat.float(brain: bits)
            let back = HalfFloat.brain(value)
            return value.isNaN ? HalfFloat.float(brain: back).isNaN : back == bits
        }
        #expect((UInt16.min ... .max).filter { !isRight($0) } == [])
        #expect((UInt16.min ... .max).filter { !comesBack($0) } == [])
    }

    /// The nearest, ties to even, rounded once: also from a double that lies by less than a float32 can tell beside the
    /// middle of two.
    @Test func halvesAreTheNearest() {
        #expect(HalfFloat.half(65519) == 0x7BFF)
        #expect(HalfFloat.half(65520) == 0x7C00)
        #expect(HalfFloat.half(1 + 0x1p-11) == 0x3C00)
        #expect(HalfFloat.half(1 + 0x3p-11) == 0x3C02)
        #expect(HalfFloat.half(-0x1p-25) == 0x8000)
        #expect(HalfFloat.half(rounding: 1 + 0x1p-11 + 0x1p-40) == 0x3C01)
        #expect(HalfFloat.half(rounding: 1 + 0x3p-11 - 0x1p-40) == 0x3C01)
        #expect(HalfFloat.half(rounding: 65520.0.nextDown) == 0x7BFF)
        #expect(HalfFloat.half(rounding: -(0x1p-25.nextUp)) == 0x8001)
        var (seed, random) = Self.generator()
        var values = (0..<5000).map { _ in Self.double(&random) }
        // Middles of two neighbours, and a double's last bit beside them.
        for _ in 0..<5000 {
            let lower = Float16(bitPattern: UInt16(random.below(0x7BFF)))
            let middle = (Double(lower) + Double(lower.nextUp)) / 2
            values += [middle, middle.nextUp, -middle.nextDown]
        }
        let converted = NDArray(values).converted(to: .float16)
        let wrong = zip(values, converted.doubles).filter { value, half in
            half != Double(Float16(value)) && !(value.isNaN && half.isNaN)
        }
        #expect(wrong.map(\.0) == [], "seed \(seed)")
    }

    /// Of two neighbours the nearer, of equally near ones the even.
    @Test func brainsAreTheNearest() {
        var (seed, random) = Self.generator()
        for _ in 0..<5000 {
            let bits = UInt32(truncatingIfNeeded: random.next())
            let value = Float(bitPattern: random.below(4) == 0 ? bits & 0xFFFF_0000 | 0x8000 : bits)
            guard value.isFinite else { continue }
            let lower = UInt16(value.bitPattern >> 16)
            let below = Double(value) - Double(HalfFloat.float(brain: lower))
            // The neighbour of the largest number is as far away as if the exponent went on.
            let upper =
                lower & 0x7FFF == 0x7F7F
                ? (value < 0 ? -0x1p128 : 0x1p128)
                : Double(HalfFloat.float(brain: lower + 1))
            let above = upper - Double(value)
            let isUpper = below.magnitude > above.magnitude || below.magnitude == above.magnitude && lower & 1 == 1
            #expect(HalfFloat.brain(value) == (isUpper ? lower + 1 : lower), "\(value), seed \(seed)")
        }
        #expect(HalfFloat.brain(1.00390625) == 0x3F80)
        #expect(HalfFloat.brain(.infinity) == 0x7F80)
        #expect(HalfFloat.brain(-.greatestFiniteMagnitude) == 0xFF80)
        // A NaN whose payload lies in the cut half alone is not taken for infinity.
        #expect(HalfFloat.brain(Float(bitPattern: 0x7F80_0001)) == 0x7FC0)
    }
}
