import Graph
import Testing

struct TypeRulesWindowsTests {
    private static func f(_ dimensions: Int...) -> TensorType { TensorType(.float32, Shape(dimensions)) }

    private static let square = Window(extents: [3, 3], strides: [2, 2], low: [1, 1], high: [1, 1])

    /// What each op accepts.
    static let accepted: [(Op, [TensorType], TensorType)] = [
        (.convolution(square, groups: 1), [f(2, 7, 8, 3), f(3, 3, 3, 4)], f(2, 4, 4, 4)),
        (.convolution(square, groups: 3), [f(2, 7, 8, 3), f(3, 3, 1, 6)], f(2, 4, 4, 6)),
        (.convolution(Window(extents: [2], dilation: [3]), groups: 1), [f(0, 4, 1), f(2, 1, 5)], f(0, 1, 5)),
        (.convolution(Window(extents: [1, 1, 1]), groups: 1), [f(1, 2, 3, 4, 5), f(1, 1, 1, 5, 6)], f(1, 2, 3, 4, 6)),
        (
            .convolutionInputGradient(square, groups: 1, input: [7, 8]), [f(2, 4, 4, 4), f(3, 3, 3, 4)], f(2, 7, 8, 3)
        ),
        (.convolutionFilterGradient(square, groups: 3), [f(2, 7, 8, 3), f(2, 4, 4, 6)], f(3, 3, 1, 6)),
        (.pool(.max, square), [f(2, 7, 8, 3)], f(2, 4, 4, 3)),
        (.maxPoolGradient(square), [f(2, 7, 8, 3), f(2, 4, 4, 3)], f(2, 7, 8, 3)),
        (.sumPoolGradient(square, input: [8, 8]), [f(2, 4, 4, 3)], f(2, 8, 8, 3)),
    ]

    /// What each op refuses.
    static let refused: [(Op, [TensorType], GraphError.Code)] = [
        (.convolution(square, groups: 1), [f(7, 8), f(3, 3, 3, 4)], .shapeMismatch),
        (.convolution(square, groups: 1), [f(2, 7, 8, 3), f(3, 3, 2, 4)], .shapeMismatch),
        (.convolution(square, groups: 1), [f(2, 7, 8, 3), f(3, 2, 3, 4)], .shapeMismatch),
        (.convolution(square, groups: 3), [f(2, 7, 8, 3), f(3, 3, 1, 4)], .invalidArgument),
        (.convolution(square, groups: 0), [f(2, 7, 8, 3), f(3, 3, 3, 4)], .invalidArgument),
        (.convolution(Window(extents: [9]), groups: 1), [f(2, 7, 3), f(9, 3, 4)], .shapeMismatch),
        (.convolution(Window(extents: [3], strides: [0]), groups: 1), [f(2, 7, 3), f(3, 3, 4)], .shapeMismatch),
        (.convolution(Window(extents: [3], low: [-1]), groups: 1), [f(2, 7, 3), f(3, 3, 4)], .shapeMismatch),
        (
            .convolution(Window(extents: [3]), groups: 1), [f(2, 7, 3), TensorType(.float64, [3, 3, 4])], .typeMismatch
        ),
        (
            .convolution(Window(extents: [3]), groups: 1),
            [TensorType(.int32, [2, 7, 3]), TensorType(.int32, [3, 3, 4])], .typeMismatch
        ),
        (
            .convolutionInputGradient(square, groups: 1, input: [9, 8]), [f(2, 4, 4, 4), f(3, 3, 3, 4)], .shapeMismatch
        ),
        (
            .convolutionInputGradient(square, groups: 1, input: [-7, 8]), [f(2, 4, 4, 4), f(3, 3, 3, 4)],
            .shapeMismatch
        ),
        (.convolutionFilterGradient(square, groups: 2), [f(2, 7, 8, 3), f(2, 4, 4, 6)], .shapeMismatch),
        (.convolutionFilterGradient(square, groups: 1), [f(2, 7, 8, 3), f(2, 4, 5, 6)], .shapeMismatch),
        (.pool(.sum, square), [f(2, 7, 3)], .shapeMismatch),
        (.maxPoolGradient(square), [f(2, 7, 8, 3), f(2, 4, 4, 2)], .shapeMismatch),
        (.sumPoolGradient(square, input: [8]), [f(2, 4, 4, 3)], .shapeMismatch),
    ]

    @Test(arguments: accepted)
    func acceptsWhatSlides(op: Op, operands: [TensorType], type: TensorType) throws {
        #expect(try TypeRules(infeed: [], variables: []).result(op, operands) == type)
    }

    @Test(arguments: refused)
    func refusesWhatDoesNot(op: Op, operands: [TensorType], code: GraphError.Code) {
        let error = #expect(throws: GraphError.self) {
            try TypeRules(infeed: [], variables: []).result(op, operands)
        }
        #expect(error?.code == code, "\(op.name): \(error?.detail ?? "")")
    }
}
