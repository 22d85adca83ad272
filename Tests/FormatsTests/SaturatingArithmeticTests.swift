import Formats
import TestSupport
import Testing

@Suite struct SaturatingArithmeticTests {
    @Test func resultsPastTheRangeAreItsEnds() {
        #expect(Int.max.multipliedSaturated(by: 2) == .max)
        #expect(Int.max.multipliedSaturated(by: -2) == .min)
        #expect(Int.min.multipliedSaturated(by: -1) == .max)
        #expect(Int.min.multipliedSaturated(by: 1) == .min)
        #expect(Int.max.addingSaturated(1) == .max)
        #expect(Int.min.addingSaturated(-1) == .min)
        #expect([Int.max, 2, 0].saturatedProduct == 0)
        #expect(([] as [Int]).saturatedProduct == 1)
    }

    @Test func insideTheRangeItIsArithmetic() {
        let seed = UInt64.random(in: 0 ... .max)
        print("numbers of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let left = Int(Int32(truncatingIfNeeded: random.next()))
            let right = Int(Int32(truncatingIfNeeded: random.next()))
            #expect(left.multipliedSaturated(by: right) == left * right, "seed \(seed)")
            #expect(left.addingSaturated(right) == left + right, "seed \(seed)")
            // Of any two numbers: as the exact result, held to the range.
            let wide = Int(truncatingIfNeeded: random.next())
            let exact = Double(wide) * Double(left)
            if exact.magnitude > 0x1p64 { #expect(wide.multipliedSaturated(by: left) == (exact < 0 ? .min : .max)) }
        }
    }
}
