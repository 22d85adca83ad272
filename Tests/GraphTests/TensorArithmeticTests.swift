import Graph
import Testing

struct TensorArithmeticTests {
    private let builder = GraphBuilder()

    private func infeed(_ dimensions: Int..., dtype: DType = .float32) -> Tensor {
        builder.infeed(TensorType(dtype, Shape(dimensions)))
    }

    /// The op of a tensor's node and the places of its operands.
    private func node(_ tensor: Tensor) throws -> (op: Op, operands: [ValueID]) {
        let node = builder.program[try #require(tensor.id)]
        return (node.op, node.operands)
    }

    /// Operators that don't commute keep their sides.
    @Test func sidesStay() throws {
        let (a, b) = (infeed(2), infeed(2))
        let ids = try [#require(a.id), #require(b.id)]
        let made: [(Tensor, Op)] = [
            (a - b, .binary(.subtract)), (a / b, .binary(.divide)), (a % b, .binary(.remainder)),
            (a.pow(b), .binary(.power)), (a .< b, .compare(.less)), (a .<= b, .compare(.lessOrEqual)),
            (a .> b, .compare(.greater)), (a .>= b, .compare(.greaterOrEqual)),
        ]
        for (tensor, op) in made {
            #expect(try node(tensor).op == op)
            #expect(try node(tensor).operands == ids)
        }
    }

    /// A number on the left is the left operand.
    @Test func numbersStayOnTheirSide() throws {
        let x = infeed()
        let (left, right) = try (node(3 - x), node(x - 3))
        #expect(left.operands.last == x.id && right.operands.first == x.id)
        #expect(try node(3 / x).operands.last == x.id)
        #expect(try node(x / 3).operands.first == x.id)
        #expect(try node(x.reciprocal()).operands.last == x.id)
        #expect(try node(x .< 3).operands.first == x.id)
        #expect(try node(x .>= 3).operands.first == x.id)
    }

    /// The lower bound wins where the bounds are the wrong way round, as in TensorFlow: it is applied last.
    @Test func clippingEndsWithTheLowerBound() throws {
        let (op, operands) = try node(infeed(2).clipped(from: 5, to: 1))
        #expect(op == .binary(.maximum))
        #expect(builder.program[operands[0]].op == .binary(.minimum))
    }

    @Test func aChoiceBroadcastsAllThree() {
        let condition = infeed(2, 1, dtype: .bool)
        #expect(condition.select(infeed(3), infeed()).shape == [2, 3])
        #expect(condition.select(infeed(4, 1, 1), infeed(1, 5)).shape == [4, 2, 5])
        #expect(infeed(dtype: .bool).select(infeed(0), infeed(1)).shape == [0])
        #expect(builder.error == nil)
    }

    @Test(arguments: [([2], [3], [2]), ([2], [2], [3]), ([3], [1], [4])])
    func aChoiceAmongShapesThatDisagree(condition: [Int], a: [Int], b: [Int]) {
        let choice = builder.infeed(TensorType(.bool, Shape(condition)))
            .select(builder.infeed(TensorType(.float32, Shape(a))), builder.infeed(TensorType(.float32, Shape(b))))
        #expect(choice.id == nil)
        #expect(choice.type == TensorType(.float32, Shape(a)))
        let detail = "bool\(Shape(condition)), float32\(Shape(a)) and float32\(Shape(b)) don't broadcast"
        #expect(builder.error == GraphError(.shapeMismatch, detail, op: "select"))
    }

    @Test func logicTakesBoolsAlone() {
        let flag = infeed(2, dtype: .bool)
        #expect(((flag .& .!flag) .| (flag .^ flag)).dtype == .bool)
        #expect(builder.error == nil)
        _ = flag .& infeed(2)
        #expect(builder.error?.code == .typeMismatch)
    }
}
