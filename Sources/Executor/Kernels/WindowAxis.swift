import CKernels
import Graph

/// One axis that a window slides along.
struct WindowAxis: Sendable {
    /// The window's places.
    let places: Int
    /// The input's cells.
    let cells: Int
    /// The window's cells.
    let extent: Int
    private let stride: Int
    /// Cells from one of the window's to the next.
    let dilation: Int
    private let low: Int

    /// An axis that is not there: one cell, one place.
    private init() { (places, cells, extent, stride, dilation, low) = (1, 1, 1, 1, 1, 0) }

    private init(_ window: Window, _ axis: Int, _ cells: Int, _ places: Int) {
        (self.places, self.cells) = (places, cells)
        extent = window.extents[axis]
        stride = window.strides[axis]
        dilation = window.dilation[axis]
        low = window.low[axis]
    }

    /// A window's axes, of which there are one to three, filled up in front.
    static func three(_ window: Window, input: [Int], output: [Int]) -> (WindowAxis, WindowAxis, WindowAxis) {
        func axis(_ fromEnd: Int) -> WindowAxis {
            let axis = input.count - fromEnd
            return axis < 0 ? WindowAxis() : WindowAxis(window, axis, input[axis], output[axis])
        }
        return (axis(3), axis(2), axis(1))
    }

    /// Calls the closure for each cell of an input that lies under a place of the window: place by place, then cell by
    /// cell of the window, all row-major among the spatial axes.
    @inline(__always)
    static func visit(
        _ axes: (WindowAxis, WindowAxis, WindowAxis), _ body: (_ place: Int, _ cell: Int, _ tap: Int) -> Void
    ) {
        for p0 in 0..<axes.0.places {
            for p1 in 0..<axes.1.places {
                for p2 in 0..<axes.2.places {
                    let place = (p0 * axes.1.places + p1) * axes.2.places + p2
                    for k0 in axes.0.taps(at: p0) {
                        let c0 = axes.0.cell(p0, k0)
                        for k1 in axes.1.taps(at: p1) {
                            let c1 = c0 * axes.1.cells + axes.1.cell(p1, k1)
                            for k2 in axes.2.taps(at: p2) {
                                body(
                                    place, c1 * axes.2.cells + axes.2.cell(p2, k2),
                                    (k0 * axes.1.extent + k1) * axes.2.extent + k2)
                            }
                        }
                    }
                }
            }
        }
    }

    /// Calls the closure for each place, row-major among the spatial axes, with the cells under it, of so many channels
    /// each.
    @inline(__always)
    static func visitPlaces(
        _ axes: (WindowAxis, WindowAxis, WindowAxis), channels: Int,
        _ body: (_ place: Int, _ taps: inout tpud_taps) -> Void
    ) {
        let (row, layer) = (axes.2.cells * channels, axes.1.cells * axes.2.cells * channels)
        var taps = tpud_taps()
        taps.strides = (axes.0.dilation * layer, axes.1.dilation * row, axes.2.dilation * channels)
        var place = 0
        for p0 in 0..<axes.0.places {
            let k0 = axes.0.taps(at: p0)
            for p1 in 0..<axes.1.places {
                let k1 = axes.1.taps(at: p1)
                for p2 in 0..<axes.2.places {
                    let k2 = axes.2.taps(at: p2)
                    taps.first =
                        axes.0.cell(p0, k0.lowerBound) * layer + axes.1.cell(p1, k1.lowerBound) * row
                        + axes.2.cell(p2, k2.lowerBound) * channels
                    taps.counts = (k0.count, k1.count, k2.count)
                    body(place, &taps)
                    place += 1
                }
            }
        }
    }

    /// The input's cell under a cell of the window at a place.
    @inline(__always)
    func cell(_ place: Int, _ tap: Int) -> Int { place * stride - low + tap * dilation }

    /// The window's cells that are inside the input at a place.
    @inline(__always)
    func taps(at place: Int) -> Range<Int> {
        let first = place * stride - low
        let start = first >= 0 ? 0 : (dilation - 1 - first) / dilation
        let end = first >= cells ? 0 : min(extent, (cells - 1 - first) / dilation + 1)
        return start..<max(start, end)
    }
}
