/// Steele, Lea and Flood's SplitMix64: the numbers behind shuffles and synthetic records. Its output is part of what a
/// job's bytes depend on, so it never changes.
package struct SplitMix64: Sendable {
    private var state: UInt64

    /// A stream that depends on both numbers; neighbours give unrelated streams.
    package init(seed: UInt64, stream: UInt64) {
        state = SplitMix64.mixed(SplitMix64.mixed(seed &+ SplitMix64.gamma) ^ (stream &* SplitMix64.gamma))
    }

    /// What the state goes up by with each number: 2^64 over the golden ratio, odd.
    package static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// A number whose bits all depend on all of this one's: the finalizer.
    package static func mixed(_ value: UInt64) -> UInt64 {
        var value = value
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= SplitMix64.gamma
        return SplitMix64.mixed(state)
    }

    /// A number from 0 to below `bound`, which is above 0, each equally likely (Lemire, "Fast random integer
    /// generation in an interval", 2019).
    package mutating func next(below bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }

    /// True or false, each equally likely.
    package mutating func nextBool() -> Bool { next() >> 63 == 1 }

    /// A double in [0, 1) of 53 random bits.
    package mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
