import Executor
import TestSupport
import Testing

struct BufferPlacementTests {
    private static func request(_ bytes: Int, _ regions: ClosedRange<Int>?) -> BufferPlacement.Request {
        BufferPlacement.Request(
            bytes: bytes, regions: regions.map { RegionID($0.lowerBound)...RegionID($0.upperBound) })
    }

    @Test func buffersOfDifferentRegionsShareBytes() {
        let placement = BufferPlacement([
            Self.request(64, nil), Self.request(100, 0...1), Self.request(128, 2...3), Self.request(64, 1...2),
        ])
        #expect(placement.offsets == [0, 64, 64, 192])
        #expect(placement.bytes == 256)
    }

    @Test func aBufferOfNoBytesHasNoAddress() {
        let placement = BufferPlacement([Self.request(0, nil), Self.request(0, 0...1), Self.request(1, 0...0)])
        #expect(placement.offsets == [nil, nil, 0])
        #expect(placement.bytes == 64)
        #expect(BufferPlacement([]).bytes == 0)
    }

    @Test func sizesSaturate() {
        let placement = BufferPlacement([
            Self.request(.max, nil), Self.request(.max, 0...1), Self.request(.max, 1...2), Self.request(8, 1...1),
        ])
        #expect(placement.bytes >= .max - 64)
    }

    /// What is in use in one region lies apart, all of it within the block, which is no larger than without sharing and no
    /// smaller than the fullest region.
    @Test func whatIsInUseTogetherLiesApart() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let requests = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                let first = Int.random(in: 0...12, using: &random)
                let last = Bool.random(using: &random) ? first + Int.random(in: 0...5, using: &random) : .max
                return Self.request(
                    Int.random(in: 0...5, using: &random) == 0 ? 0 : Int.random(in: 1...5_000, using: &random),
                    Int.random(in: 0...4, using: &random) == 0 ? nil : first...last)
            }
            let placement = BufferPlacement(requests)
            let homes = zip(requests, placement.offsets).compactMap { request, offset in
                offset.map {
                    (bytes: $0..<($0 + request.bytes), regions: request.regions ?? RegionID(0)...RegionID(.max))
                }
            }
            #expect(homes.count == requests.count { $0.bytes > 0 }, "seed \(seed)")
            for (index, home) in homes.enumerated() {
                #expect(home.bytes.lowerBound.isMultiple(of: 64) && home.bytes.upperBound <= placement.bytes)
                for other in homes[..<index] where other.regions.overlaps(home.regions) {
                    #expect(!other.bytes.overlaps(home.bytes), "seed \(seed)")
                }
            }
            let rounded = homes.map { (bytes: ($0.bytes.count + 63) / 64 * 64, regions: $0.regions) }
            let fullest = (0...20).map { region in
                rounded.reduce(0) { $0 + ($1.regions.contains(RegionID(region)) ? $1.bytes : 0) }
            }
            #expect(placement.bytes >= fullest.max() ?? 0, "seed \(seed)")
            #expect(placement.bytes <= rounded.reduce(0) { $0 + $1.bytes }, "seed \(seed)")
        }
    }
}
