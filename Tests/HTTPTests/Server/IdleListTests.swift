import Testing

import HTTP
import TestSupport

@Suite struct IdleListTests {
    @Test func theOldestComesFirst() {
        var list = IdleList()
        for descriptor in [7, 3, 200, 5] { list.append(descriptor) }
        list.append(7)
        list.remove(3)
        list.remove(3)
        list.remove(9_999)
        let order = [list.oldest, list.next(after: 7), list.next(after: 200), list.next(after: 5)]
        #expect(order == [7, 200, 5, nil])
        list.remove(7)
        list.append(7)
        #expect(list.oldest == 200)
        for descriptor in [200, 5, 7] { list.remove(descriptor) }
        #expect(list.oldest == nil)
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func agreesWithAnArray(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var list = IdleList()
        var model: [Int] = []
        for step in 0..<5_000 {
            let descriptor = Int.random(in: 0..<100, using: &random)
            if Bool.random(using: &random) {
                list.append(descriptor)
                if !model.contains(descriptor) { model.append(descriptor) }
            } else {
                list.remove(descriptor)
                model.removeAll { $0 == descriptor }
            }
            var walked: [Int] = []
            var next = list.oldest
            while let descriptor = next {
                walked.append(descriptor)
                next = list.next(after: descriptor)
            }
            #expect(walked == model, "seed \(seed), step \(step)")
        }
    }
}
