import Estimator
import Testing

@Suite struct WeightDecayExclusionsTests {
    @Test(arguments: [
        ("bias", ["dense/bias": true, "bias": true, "b": false]), ("^b$", ["b": true, "dense/b": false, "bb": false]),
        ("^dense", ["dense/bias": true, "a/dense": false]), ("norm$", ["a/norm": true, "norm/a": false]),
        ("", ["anything": true]),
    ])
    func matches(pattern: String, names: [String: Bool]) throws {
        let exclusions = try #require(WeightDecayExclusions(matching: ["none of them", pattern]))
        for (name, isMatched) in names { #expect(exclusions.contain(name) == isMatched, "\(pattern) \(name)") }
    }

    @Test func noneMatchesNothing() { #expect(!WeightDecayExclusions.none.contain("dense/bias")) }

    @Test(arguments: ["(a+)+$", "a.b", "a|b", "[ab]", "a*", "a\\d", "a^b", "a$b"])
    func othersAreRefused(pattern: String) { #expect(WeightDecayExclusions(matching: [pattern]) == nil) }
}
