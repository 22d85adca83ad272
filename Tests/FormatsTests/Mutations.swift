import TestSupport

extension [UInt8] {
    /// A few seeded changes: flipped, replaced, inserted, removed, doubled bytes, a cut end.
    func mutated(_ random: inout SeededGenerator, alphabet: [UInt8] = []) -> [UInt8] {
        var bytes = self
        for _ in 0..<(1 + random.below(4)) {
            let place = random.below(bytes.count + 1)
            let interesting: [UInt8] = alphabet + [0, 1, 0x7F, 0x80, 0xFF, UInt8(truncatingIfNeeded: random.next())]
            let byte = interesting[random.below(interesting.count)]
            switch random.below(7) {
            case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
            case 1 where place < bytes.count: bytes[place] = byte
            case 2: bytes.insert(byte, at: place)
            case 3 where place < bytes.count: bytes.remove(at: place)
            case 4: bytes.removeLast(Swift.min(bytes.count, random.below(8)))
            case 5:
                let end = Swift.min(bytes.count, place + random.below(16))
                bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
            default: bytes = Array(bytes.prefix(place))
            }
        }
        return bytes
    }
}
