import Executor
import Graph
import Testing

/// The definition against numbers that are worked out by hand.
struct ReferenceKernelsWindowsTests {
    private static let x = Reference.value(.float32, [1, 2, 3, 4], [1, 4, 1])
    private static let filter = Reference.value(.float32, [10, 1], [2, 1, 1])

    @Test func slidesTheFilterWithoutTurningIt() throws {
        let window = Window(extents: [2])
        #expect(
            try Reference.evaluate(.convolution(window, groups: 1), [Self.x, Self.filter]).doubles == [12, 23, 34])
        let wide = Window(extents: [2], strides: [2], dilation: [2], low: [1], high: [1])
        // Places begin at cells -1 and 1: 0·10 + 2·1, 2·10 + 4·1.
        #expect(try Reference.evaluate(.convolution(wide, groups: 1), [Self.x, Self.filter]).doubles == [2, 24])
    }

    @Test func givesEachCellWhatItWentInto() throws {
        let g = Reference.value(.float32, [1, 0, 2], [1, 3, 1])
        let window = Window(extents: [2])
        let toInput = Op.convolutionInputGradient(window, groups: 1, input: [4])
        #expect(try Reference.evaluate(toInput, [g, Self.filter]).doubles == [10, 1, 20, 2])
        let toFilter = Op.convolutionFilterGradient(window, groups: 1)
        // 1·1 + 3·2 under the first number of the filter, 2·1 + 4·2 under the second.
        #expect(try Reference.evaluate(toFilter, [Self.x, g]).doubles == [7, 10])
    }

    /// Two channels in two groups of a filter each don't mix.
    @Test func keepsGroupsApart() throws {
        let x = Reference.value(.float32, [1, 5, 2, 6], [1, 2, 2])
        let filter = Reference.value(.float32, [10, 100], [1, 1, 2])
        let op = Op.convolution(Window(extents: [1]), groups: 2)
        #expect(try Reference.evaluate(op, [x, filter]).doubles == [10, 500, 20, 600])
    }

    @Test func poolsAndSendsBack() throws {
        let x = Reference.value(.float32, [3, 1, 3, 2], [1, 4, 1])
        let window = Window(extents: [3], low: [1], high: [0])
        #expect(try Reference.evaluate(.pool(.sum, window), [x]).doubles == [4, 7, 6])
        #expect(try Reference.evaluate(.pool(.max, window), [x]).doubles == [3, 3, 3])
        let g = Reference.value(.float32, [1, 10, 100], [1, 3, 1])
        // Of two that are largest the first one has all.
        #expect(try Reference.evaluate(.maxPoolGradient(window), [x, g]).doubles == [11, 0, 100, 0])
        #expect(try Reference.evaluate(.sumPoolGradient(window, input: [4]), [g]).doubles == [11, 111, 110, 100])
    }
}
