import Graph
import Testing

struct ShapeTests {
    @Test(arguments: [
        ([2, 3], [3], [2, 3]), ([2, 1], [1, 4], [2, 4]), ([], [5], [5]), ([2, 1, 4], [3, 1], [2, 3, 4]),
        ([1], [0], [0]),
    ])
    func broadcastsAsNumPy(a: [Int], b: [Int], result: [Int]) {
        #expect(Shape(a).broadcast(with: Shape(b)) == Shape(result))
        #expect(Shape(b).broadcast(with: Shape(a)) == Shape(result))
    }

    @Test func refusesWhatDoesNotBroadcast() {
        #expect(Shape([2]).broadcast(with: [3]) == nil)
        #expect(Shape([2, 0]).broadcast(with: [2, 3]) == nil)
    }

    @Test(arguments: [[-1], [1 << 40], [1 << 31, 1 << 31], [.max, .max], [0, 1 << 31, 1 << 31]])
    func findsImpossibleShapes(dimensions: [Int]) {
        #expect(!Shape(dimensions).isValid)
    }

    @Test func countsAndStrides() {
        let shape: Shape = [2, 3, 4]
        #expect(shape.count == 24)
        #expect(shape.strides == [12, 4, 1])
        #expect(Shape.scalar.count == 1)
        #expect(shape.removing(axes: [1]) == [2, 4])
        #expect(shape.keeping(axes: [0, 2]) == [1, 3, 1])
        #expect("\(TensorType(.float32, shape))" == "float32[2,3,4]")
    }
}
