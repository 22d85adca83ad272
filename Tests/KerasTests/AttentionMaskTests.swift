import Formats
import Keras
import OrderedCollections
import Testing

/// Masks of attention, through the layer that has no weights.
@Suite struct AttentionMaskTests {
    private static let query = LayerRun.Input(shape: [1, 3, 1], numbers: [0, 0, 0])

    /// What is looked at counts the same, as all scores are 0.
    private func means(_ mask: [Double]?, isCausal: Bool = false) throws -> [Double] {
        var run = try LayerRun("Attention")
        run.arguments = CallArguments(
            [.list([.input(0), .input(1)])], keywords: isCausal ? ["use_causal_mask": .constant(true)] : [:])
        return try run([Self.query, .init(shape: [1, 3, 1], numbers: [3, 6, 9], mask: mask)]).numbers
    }

    @Test func maskedStepsAreNotLookedAt() throws {
        #expect(isNear(try means(nil), [6, 6, 6]))
        #expect(isNear(try means([1, 0, 1]), [6, 6, 6]))
        #expect(isNear(try means([1, 1, 0]), [4.5, 4.5, 4.5]))
    }

    @Test func stepsBehindAreNotLookedAt() throws {
        #expect(isNear(try means(nil, isCausal: true), [3, 4.5, 6]))
        // Where nothing is left, all count the same.
        #expect(isNear(try means([0, 1, 1], isCausal: true), [6, 6, 7.5]))
    }
}
