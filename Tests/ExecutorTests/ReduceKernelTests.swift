import Executor
import Graph
import Testing
import TestSupport

struct ReduceKernelTests {
    /// The reduction by its definition, element after element.
    private static func expected(_ reduction: Reduction, _ x: Literal, _ axes: [Int]) -> [Double] {
        let bounds = x.type.dtype.bounds
        let isFloating = x.type.dtype.isFloating
        let identity: Double =
            switch reduction {
            case .sum: 0
            case .product: 1
            case .max: isFloating ? -.infinity : Double(bounds.least)
            case .min: isFloating ? .infinity : Double(bounds.most)
            }
        let kept = x.type.shape.dimensions.indices.filter { !axes.contains($0) }
        let elements = Dictionary(grouping: zip(OneStep.indices(of: x.type.shape), x.doubles)) { place, _ in
            kept.map { place[$0] }
        }
        return OneStep.indices(of: x.type.shape.removing(axes: axes)).map { target in
            (elements[target] ?? []).map(\.1).reduce(identity) { a, b in
                switch reduction {
                case .sum: a + b
                case .product: a * b
                case .max: max(a, b)
                case .min: min(a, b)
                }
            }
        }
    }

    private static let axes = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]

    private func check(_ executor: ExecutorUnderTest, _ x: Literal, _ cases: [(Reduction, [Int])]) throws {
        let results = try OneStep.results(executor, [x]) { x in
            cases.map { x[0].apply($0.0, $0.1) }
        }
        for result in results {
            for ((reduction, axes), value) in zip(cases, result) {
                #expect(value.doubles == Self.expected(reduction, x, axes), "\(reduction) of \(x.type) over \(axes)")
            }
        }
    }

    /// Sums and products of so small numbers are exact in every type.
    @Test(arguments: ExecutorUnderTest.all, DType.allCases.filter { $0 != .bool })
    func everyTypeAndSetOfAxes(executor: ExecutorUnderTest, dtype: DType) throws {
        let type = TensorType(dtype, [2, 3, 2])
        let x = Literal(type: type, doubles: [1, 2, 3, 1, 1, 2, 1, 1, 2, 3, 1, 1])
        try check(executor, x, Reduction.allCases.flatMap { reduction in Self.axes.map { (reduction, $0) } })
    }

    /// The result of nothing is the identity in each of its elements, however the memory was left.
    @Test(
        arguments: ExecutorUnderTest.all,
        [[0, 3], [2, 0], [0, 0], [2, 0, 3], [0, 3, 2], [2, 3, 0]] as [Shape])
    func nothing(executor: ExecutorUnderTest, shape: Shape) throws {
        let subsets = Self.axes.filter { axes in axes.allSatisfy { $0 < shape.rank } }
        for dtype in [DType.float32, .float64, .int8, .uint16] {
            let x = Literal(type: TensorType(dtype, shape), doubles: [])
            try check(executor, x, Reduction.allCases.flatMap { reduction in subsets.map { (reduction, $0) } })
        }
    }

    /// In the middle of a step, where memory holds what other nodes left.
    @Test(arguments: ExecutorUnderTest.all)
    func sumsOfNothingBehindOtherNodes(executor: ExecutorUnderTest) throws {
        let x = Literal(type: TensorType(.float32, [4, 3]), doubles: (1...12).map(Double.init))
        let results = try OneStep.results(executor, [x]) { x in
            let y = (x[0] * 5).exp().log()
            let columns = y.slice(0..<0, axis: 0).reduceSum(axes: [0])
            let rows = y.slice(1..<1, axis: 1).reduceSum(axes: [1])
            return [columns * 1, rows + y.reduceMax(axes: [1]) * 0, rows]
        }
        for result in results { #expect(result.map(\.doubles) == [[0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]]) }
    }

    @Test(arguments: ExecutorUnderTest.all, [DType.float32, .float64])
    func whatIsNotANumberWins(executor: ExecutorUnderTest, dtype: DType) throws {
        let rows: [Double] = [.nan, 1, 2, 3, .infinity, .nan, -.infinity, .infinity, 4]
        let x = Literal(type: TensorType(dtype, [3, 3]), doubles: rows)
        let results = try OneStep.results(executor, [x]) { x in
            [
                x[0].reduceMax(axes: [1]), x[0].reduceMin(axes: [1]), x[0].reduceMax(axes: [0]),
                x[0].reduceMin(axes: [0]),
            ]
        }
        for result in results {
            let (largest, smallest) = (result[0].doubles, result[1].doubles)
            #expect(largest[0].isNaN && largest[1].isNaN && largest[2] == .infinity)
            #expect(smallest[0].isNaN && smallest[1].isNaN && smallest[2] == -.infinity)
            #expect(result[2].doubles.map(\.isNaN) == [true, false, true])
            #expect(result[3].doubles.map(\.isNaN) == [true, false, true])
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func wholeNumbersWrap(executor: ExecutorUnderTest) throws {
        let x = Literal(type: TensorType(.int8, [2, 2]), integers: [100, 100, -128, -1])
        for result in try OneStep.results(
            executor, [x], { [$0[0].reduceSum(axes: [1]), $0[0].reduceProduct(axes: [1])] })
        {
            #expect(result[0].integers == [-56, 127])
            #expect(result[1].integers == [16, -128])
        }
    }

    /// Longer than any block of the loops; eighths, so that no order of summation shows.
    @Test(arguments: ExecutorUnderTest.all)
    func longRowsAndColumns(executor: ExecutorUnderTest) throws {
        let elements: [Double] = (0..<5_155).map { place in Double(place * 7_919 % 101) / 8 - 6 }
        for shape in [[5, 1_031], [1_031, 5], [1, 5_155], [5_155, 1]] as [Shape] {
            let x = Literal(type: TensorType(.float32, shape), doubles: elements)
            try check(executor, x, [(.sum, [0]), (.sum, [1]), (.sum, [0, 1]), (.max, [1]), (.min, [0])])
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func aScalarIsItsOwn(executor: ExecutorUnderTest) throws {
        let x = Literal(type: .scalar(.float32), doubles: [-7])
        for result in try OneStep.results(executor, [x], { x in Reduction.allCases.map { x[0].apply($0, []) } }) {
            #expect(result.map(\.doubles) == [[-7], [-7], [-7], [-7]])
        }
    }
}

extension Tensor {
    /// The node itself, also over no axes, where the methods of a tensor leave it out.
    fileprivate func apply(_ reduction: Reduction, _ axes: [Int]) -> Tensor {
        builder.add(.reduce(reduction, axes: axes), [self])
    }
}
