import Testing

import HTTP
import TestSupport

@Suite struct OutputQueueTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func agreesWithAnArray(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var queue = OutputQueue()
        var model: [UInt8] = []
        for step in 0..<2_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let bytes = Self.bytes(Int.random(in: 0..<(2 * OutputQueue.large), using: &random), step)
                queue.append(bytes)
                model += bytes
            case 1:
                let bytes = Self.bytes(Int.random(in: 0..<200, using: &random), step)
                queue.write { $0 += bytes }
                model += bytes
            default:
                guard let (bytes, start) = queue.next else { continue }
                let available = bytes.count - start
                #expect(bytes[start...].elementsEqual(model.prefix(available)), "seed \(seed), step \(step)")
                let taken = Int.random(in: 0...available, using: &random)
                queue.drop(taken)
                model.removeFirst(taken)
            }
            #expect(queue.count == model.count, "seed \(seed), step \(step)")
        }
    }

    @Test func aLargeArrayIsNotCopied() {
        let large = [UInt8](repeating: 1, count: 1 << 20)
        var queue = OutputQueue()
        queue.append([1, 2, 3])
        queue.append(large)
        queue.append([4])
        queue.drop(3)
        let address = queue.next?.bytes.withUnsafeBufferPointer { $0.baseAddress }
        #expect(address == large.withUnsafeBufferPointer { $0.baseAddress })
    }

    private static func bytes(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ seed) }
    }
}
