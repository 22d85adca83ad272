import Graph

/// A cell of an input under a place of a window.
private struct Tap {
    /// The window's place, row-major among the output's spatial axes.
    let place: Int
    /// The input's cell, row-major among its spatial axes.
    let cell: Int
    /// The window's own cell, row-major.
    let tap: Int
}

extension Window {
    /// What lies inside the input at each place of the window, place by place and cell by cell.
    fileprivate func taps(input: [Int], output: [Int]) -> [Tap] {
        let strides = Shape(input).strides
        var taps: [Tap] = []
        for (place, at) in ReferenceKernels.indices(of: Shape(output)).enumerated() {
            for (tap, offset) in ReferenceKernels.indices(of: Shape(extents)).enumerated() {
                let cell = input.indices.map { at[$0] * self.strides[$0] - low[$0] + offset[$0] * dilation[$0] }
                guard input.indices.allSatisfy({ cell[$0] >= 0 && cell[$0] < input[$0] }) else { continue }
                taps.append(Tap(place: place, cell: ReferenceKernels.place(cell, strides), tap: tap))
            }
        }
        return taps
    }
}

extension ReferenceKernels {
    static func convolution(
        _ x: ReferenceValue, _ filter: ReferenceValue, _ window: Window, _ groups: Int, _ type: TensorType
    ) -> ReferenceValue {
        let (input, weights) = (x.doubles, filter.doubles)
        var result = [Double](repeating: 0, count: type.count)
        products(x.type, type, window, groups) { result[$2] += input[$0] * weights[$1] }
        return .rounding(type, result)
    }

    static func convolutionInputGradient(
        _ upstream: ReferenceValue, _ filter: ReferenceValue, _ window: Window, _ groups: Int, _ type: TensorType
    ) -> ReferenceValue {
        let (g, weights) = (upstream.doubles, filter.doubles)
        var result = [Double](repeating: 0, count: type.count)
        products(type, upstream.type, window, groups) { result[$0] += g[$2] * weights[$1] }
        return .rounding(type, result)
    }

    static func convolutionFilterGradient(
        _ x: ReferenceValue, _ upstream: ReferenceValue, _ window: Window, _ groups: Int, _ type: TensorType
    ) -> ReferenceValue {
        let (input, g) = (x.doubles, upstream.doubles)
        var result = [Double](repeating: 0, count: type.count)
        products(x.type, upstream.type, window, groups) { result[$1] += input[$0] * g[$2] }
        return .rounding(type, result)
    }

    /// Every product of a convolution, as places of (x, filter, result).
    private static func products(
        _ x: TensorType, _ result: TensorType, _ window: Window, _ groups: Int, _ body: (Int, Int, Int) -> Void
    ) {
        let taps = window.taps(input: x.spatial, output: result.spatial)
        let (inputs, outputs) = (x.channels, result.channels)
        let (inGroup, outGroup) = (inputs / groups, outputs / groups)
        for n in 0..<x.shape[0] {
            for tap in taps {
                let from = (n * x.cells + tap.cell) * inputs
                let to = (n * result.cells + tap.place) * outputs
                for f in 0..<outputs {
                    for c in 0..<inGroup {
                        body(from + f / outGroup * inGroup + c, (tap.tap * inGroup + c) * outputs + f, to + f)
                    }
                }
            }
        }
    }

    static func pool(_ pooling: Pooling, _ x: ReferenceValue, _ window: Window, _ type: TensorType) -> ReferenceValue {
        let input = x.doubles
        var result = [Double](repeating: pooling == .sum ? 0 : -.infinity, count: type.count)
        pairs(x.type, type, window) { cell, place in
            switch pooling {
            case .sum: result[place] += input[cell]
            case .max: if input[cell] > result[place] || input[cell].isNaN { result[place] = input[cell] }
            }
        }
        return .rounding(type, result)
    }

    static func maxPoolGradient(_ x: ReferenceValue, _ upstream: ReferenceValue, _ window: Window) -> ReferenceValue {
        let (input, g) = (x.doubles, upstream.doubles)
        var largest = [Int?](repeating: nil, count: upstream.type.count)
        pairs(x.type, upstream.type, window) { cell, place in
            guard let best = largest[place] else { return largest[place] = cell }
            if input[cell] > input[best] || (input[cell].isNaN && !input[best].isNaN) { largest[place] = cell }
        }
        var result = [Double](repeating: 0, count: x.type.count)
        for (place, cell) in largest.enumerated() { if let cell { result[cell] += g[place] } }
        return .rounding(x.type, result)
    }

    static func sumPoolGradient(_ upstream: ReferenceValue, _ window: Window, _ type: TensorType) -> ReferenceValue {
        let g = upstream.doubles
        var result = [Double](repeating: 0, count: type.count)
        pairs(type, upstream.type, window) { cell, place in result[cell] += g[place] }
        return .rounding(type, result)
    }

    /// Every cell under every place of a window, channel by channel, as places of (x, result).
    private static func pairs(_ x: TensorType, _ result: TensorType, _ window: Window, _ body: (Int, Int) -> Void) {
        let taps = window.taps(input: x.spatial, output: result.spatial)
        for n in 0..<x.shape[0] {
            for tap in taps {
                for c in 0..<x.channels {
                    body((n * x.cells + tap.cell) * x.channels + c, (n * result.cells + tap.place) * x.channels + c)
                }
            }
        }
    }
}
