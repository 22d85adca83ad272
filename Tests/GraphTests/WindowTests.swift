import Graph
import TestSupport
import Testing

struct WindowTests {
    /// Places along one axis, counted by hand.
    @Test(arguments: [
        (7, 3, 2, 1, 0, 0, 3), (7, 3, 2, 1, 1, 1, 4), (8, 3, 2, 1, 0, 1, 4), (5, 3, 1, 2, 0, 0, 1),
        (0, 1, 1, 1, 0, 1, 1),
        (3, 3, 5, 1, 0, 0, 1),
    ])
    func countsItsPlaces(
        cells: Int, extent: Int, stride: Int, dilation: Int, low: Int, high: Int, places: Int
    ) {
        let window = Window(extents: [extent], strides: [stride], dilation: [dilation], low: [low], high: [high])
        #expect(window.places(in: [cells]) == [places])
    }

    @Test func fitsNowhereInLessThanItsSpan() {
        #expect(Window(extents: [3]).places(in: [2]) == nil)
        #expect(Window(extents: [2], dilation: [4]).places(in: [4]) == nil)
        #expect(Window(extents: [2, 2]).places(in: [4]) == nil)
        #expect(Window(extents: []).places(in: []) == nil)
    }

    /// No numbers trap, however large.
    @Test func refusesNumbersThatMakeNoWindow() {
        for number in [0, -1, .min, .max, 1 << 40] {
            #expect(Window(extents: [number]).places(in: [4]) == nil)
            #expect(Window(extents: [1], strides: [number]).places(in: [4]) == nil)
            #expect(Window(extents: [2], dilation: [number]).places(in: [4]) == nil)
            if number != 0 { #expect(Window(extents: [1], low: [number]).places(in: [4]) == nil) }
            if number != 0 { #expect(Window(extents: [1], high: [number]).places(in: [4]) == nil) }
        }
        #expect(Window(extents: [1 << 31]).places(in: [1 << 31]) == [1])
        #expect(Window(extents: [.max, .max]).cells == .max)
    }

    @Test func saysWhatIsUnusual() {
        #expect("\(Window(extents: [3, 3]))" == "3x3")
        let window = Window(extents: [3], strides: [2], dilation: [4], low: [0], high: [1])
        #expect("\(window)" == "3 by 2 dilated 4 padded 0 1")
    }
}
