import Graph
import Testing

struct TensorReductionsTests {
    private let builder = GraphBuilder()

    private func infeed(_ dimensions: Int..., dtype: DType = .float32) -> Tensor {
        builder.infeed(TensorType(dtype, Shape(dimensions)))
    }

    private func last() -> Op? { builder.program.nodes.last?.op }

    @Test func allAxesByDefault() {
        #expect(infeed(2, 3, 4).reduceSum().shape == .scalar)
        #expect(last() == .reduce(.sum, axes: [0, 1, 2]))
        #expect(infeed(2, 3, 4).reduceMin(keepDimensions: true).shape == [1, 1, 1])
    }

    @Test func axesAreSortedWhateverTheirOrder() {
        #expect(infeed(2, 3, 4).reduceMax(axes: [-1, 0]).shape == [3])
        #expect(last() == .reduce(.max, axes: [0, 2]))
        #expect(infeed(2, 3, 4).reduceProduct(axes: [2, -3], keepDimensions: true).shape == [1, 3, 1])
        #expect(builder.error == nil)
    }

    @Test func noAxisIsTheTensorItself() {
        let x = infeed(2, 3)
        #expect(x.reduceSum(axes: []).id == x.id)
        #expect(x.reduceMax(axes: [], keepDimensions: true).id == x.id)
        let scalar = infeed()
        #expect(scalar.reduceProduct().id == scalar.id)
        #expect(scalar.reduceMean().shape == .scalar)
    }

    /// What a mean divides by: the number of elements that become one.
    @Test(arguments: [(nil, 24.0), ([0], 2), ([-1, 1], 12), ([], 1)] as [([Int]?, Double)])
    func aMeanDividesByWhatItJoins(axes: [Int]?, count: Double) throws {
        let mean = infeed(2, 3, 4).reduceMean(axes: axes)
        let node = builder.program[try #require(mean.id)]
        #expect(node.op == .binary(.divide))
        var divisor = builder.program[node.operands[1]]
        if case .broadcast = divisor.op { divisor = builder.program[divisor.operands[0]] }
        #expect(divisor.op == .constant(.splat(count, .scalar(.float32))))
    }

    @Test(arguments: ["reduce_sum", "reduce_product", "reduce_max", "reduce_min", "reduceMean"])
    func axesThatAreNotThereOrTwice(op: String) {
        for (axes, detail) in [([0, 2], "float32[2,3] has no axis 2"), ([1, -1], "axis -1 is named twice")] {
            let builder = GraphBuilder()
            let x = builder.infeed(TensorType(.float32, [2, 3]))
            let result =
                switch op {
                case "reduce_sum": x.reduceSum(axes: axes)
                case "reduce_product": x.reduceProduct(axes: axes)
                case "reduce_max": x.reduceMax(axes: axes)
                case "reduce_min": x.reduceMin(axes: axes)
                default: x.reduceMean(axes: axes)
                }
            #expect(result.id == nil)
            #expect(builder.error == GraphError(.invalidAxis, detail, op: op))
        }
    }

    @Test func aLogarithmOfSumsReducesAsASumDoes() {
        let x = infeed(2, 3, 4)
        #expect(x.reduceLogSumExp().shape == .scalar)
        #expect(x.reduceLogSumExp(axes: [-2]).shape == [2, 4])
        #expect(x.reduceLogSumExp(axes: [0, 2], keepDimensions: true).shape == [1, 3, 1])
        #expect(infeed().reduceLogSumExp().shape == .scalar)
        #expect(builder.error == nil)
        #expect(x.reduceLogSumExp(axes: [3]).id == nil)
        #expect(builder.error?.code == .invalidAxis)
    }

    @Test func placesAreWholeNumbers() {
        #expect(infeed(2, 3).argMax().type == TensorType(.int64, [2]))
        #expect(infeed(2, 3, dtype: .uint8).argMin(axis: 0).type == TensorType(.int64, [3]))
        #expect(builder.error == nil)
        #expect(infeed(2, 3).argMin(axis: 2).id == nil)
        #expect(builder.error == GraphError(.invalidAxis, "float32[2,3] has no axis 2", op: "argMax"))
    }

    /// The smallest is the largest of the other way round, by a subtraction that no type overflows.
    @Test func theSmallestWholeNumberIsFoundWithoutOverflow() throws {
        for dtype in DType.allCases where dtype.isInteger {
            let builder = GraphBuilder()
            _ = builder.infeed(TensorType(dtype, [3])).argMin()
            let constant = builder.program.nodes.compactMap { node -> Literal? in
                if case .constant(let literal) = node.op { literal } else { nil }
            }.first
            let from = try #require(constant).integers[0]
            // from − least and from − most are both of the type.
            for bound in [dtype.bounds.least, dtype.bounds.most] {
                let difference = from &- bound
                #expect(dtype.nearest(difference) == difference && (difference < 0) == (from < bound), "\(dtype)")
            }
        }
    }
}
