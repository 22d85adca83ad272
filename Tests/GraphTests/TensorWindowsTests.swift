import Graph
import TestSupport
import Testing

struct TensorWindowsTests {
    private static func tensor(_ dimensions: Int...) -> Tensor {
        GraphBuilder().infeed(TensorType(.float32, Shape(dimensions)))
    }

    /// What "same" pads is TensorFlow's: as many places as strides fit into the extent, the odd cell behind.
    @Test(arguments: [
        (7, 3, 2, 1, 1, 1), (8, 3, 2, 1, 0, 1), (5, 2, 1, 1, 0, 1), (9, 3, 1, 2, 2, 2), (4, 1, 3, 1, 0, 0),
    ])
    func paddedAsTensorFlowDoes(size: Int, extent: Int, stride: Int, dilation: Int, low: Int, high: Int) throws {
        let x = Self.tensor(1, size, 1)
        let y = x.convolution(
            x.builder.constant(1, shape: [extent, 1, 1]), strides: [stride], dilation: [dilation], padding: .same)
        #expect(y.shape == [1, (size + stride - 1) / stride, 1])
        let node = x.builder.program[try #require(y.id)]
        #expect(
            node.op
                == .convolution(
                    Window(extents: [extent], strides: [stride], dilation: [dilation], low: [low], high: [high]),
                    groups: 1))
    }

    @Test func transposedConvolutionHasTheExtentsAskedFor() {
        let x = Self.tensor(2, 4, 4, 3)
        let filter = x.builder.constant(1, shape: [3, 3, 5, 3])
        #expect(
            x.transposedConvolution(filter, output: [8, 7], strides: [2, 2], padding: .same).shape == [2, 8, 7, 5])
        #expect(x.builder.error == nil)
        _ = x.transposedConvolution(filter, output: [12, 12], strides: [2, 2], padding: .same)
        #expect(x.builder.error?.code == .shapeMismatch)
    }

    /// Strides of a pool are its extents unless given.
    @Test func poolsSideBySide() {
        let x = Self.tensor(2, 6, 7, 3)
        #expect(x.maxPool([2, 3]).shape == [2, 3, 2, 3])
        #expect(x.averagePool([2, 3], strides: [1, 1], padding: .same).shape == [2, 6, 7, 3])
        #expect(x.builder.error == nil)
    }

    /// Lists of the wrong length are refused, not cut.
    @Test func refusesListsThatDontFit() {
        for build: (Tensor) -> Tensor in [
            { $0.maxPool([2]) }, { $0.averagePool([2, 2, 2], padding: .same) },
            { $0.convolution($0.builder.constant(1, shape: [2, 3, 4]), padding: .same) },
            { $0.maxPool([2, 2], padding: .explicit(low: [1], high: [0, 0])) },
            { $0.maxPool([0, 0], padding: .same) }, { $0.maxPool([2, 2], strides: [0, 1], padding: .same) },
        ] {
            let x = Self.tensor(2, 6, 7, 3)
            _ = build(x)
            #expect(x.builder.error?.code == .shapeMismatch)
        }
    }
}
