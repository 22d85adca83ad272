import Formats
import TestSupport
import Testing

@Suite struct NearestNameTests {
    @Test(
        arguments: [
            ("trian", "train"), ("lables", "labels"), ("Batch_size", "batch_size"), ("max_step", "max_steps"),
            ("xyzzy", nil),
            ("", nil), ("steps_max", nil),
        ] as [(String, String?)]) func findsTheNearestName(name: String, nearest: String?)
    {
        #expect(NearestName.of(name, among: ["train", "labels", "batch_size", "max_steps"]) == nearest)
    }

    @Test func measuresEdits() {
        #expect(NearestName.editDistance(Array("ca"), Array("abc")) == 3)
        #expect(NearestName.editDistance(Array("kitten"), Array("sitting")) == 3)
        #expect(NearestName.editDistance(Array("ab"), Array("ba")) == 1)
        #expect(NearestName.editDistance(Array(""), Array("abc")) == 3)
    }

    /// Of equally near names the first counts, and a name longer than any field has none.
    @Test func theFirstOfEqualsCounts() {
        #expect(NearestName.of("cat", among: ["bat", "rat"]) == "bat")
        #expect(NearestName.of("cat", among: ["rat", "bat"]) == "rat")
        #expect(NearestName.of(String(repeating: "a", count: 81), among: [String(repeating: "a", count: 80)]) == nil)
        #expect(NearestName.of("a", among: [] as [String]) == nil)
    }

    /// The distance is the same both ways, 0 for the same text alone, and at most the longer length.
    @Test func theDistanceIsOne() {
        let seed = UInt64.random(in: 0 ... .max)
        print("names of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let left = (0..<random.below(9)).map { _ in random.below(3) }
            let right = (0..<random.below(9)).map { _ in random.below(3) }
            let distance = NearestName.editDistance(left, right)
            #expect(distance == NearestName.editDistance(right, left), "seed \(seed)")
            #expect((distance == 0) == (left == right), "seed \(seed)")
            #expect(
                distance >= abs(left.count - right.count) && distance <= max(left.count, right.count), "seed \(seed)")
        }
    }
}
