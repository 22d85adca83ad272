import Executor
import Graph
import Testing

/// Ops at their edges, on every executor: as computed from constants and as rows that come by the infeed.
struct EdgeOpsTests {
    /// One step of a program on four rows of one core; `make` gets the rows as a tensor of this type.
    private func run(
        _ executor: ExecutorUnderTest, _ type: TensorType, _ elements: [Double], _ make: (Tensor) -> [Tensor]
    ) throws -> [[Double]] {
        let builder = GraphBuilder()
        let literal = Literal(type: type, doubles: elements)
        let results = [builder.infeed(type), builder.constant(literal)].flatMap(make)
        let names = results.indices.map(String.init)
        let program = try builder.finish(outfeed: zip(names, results).map { (name: $0, value: $1) })
        let outputs = try executor.step(program, inputs: [literal.bytes])
        return try zip(names, results).map { name, tensor in
            Literal(type: tensor.type, bytes: try #require(outputs[name])).doubles
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func selusGradientAtZeroIsThatOfTheLine(executor: ExecutorUnderTest) throws {
        let results = try run(executor, TensorType(.float32, [4]), [0, -0.0, 1, -1]) { x in
            let y = x.selu()
            return [y] + x.builder.gradients(of: y, withRespectTo: [x])
        }
        let scale = 1.0507009873554805
        let left = 1.6732632423543772 * scale
        for (value, gradient) in [(results[0], results[1]), (results[2], results[3])] {
            let expected = [0, 0, scale, left * (0.36787944117144233 - 1)]
            #expect(zip(value, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(value)")
            let slopes = [scale, scale, scale, left * 0.36787944117144233]
            #expect(zip(gradient, slopes).allSatisfy { abs($0 - $1) < 1e-6 }, "\(gradient)")
        }
    }

    /// A layer that hides what is not a number would let a run go on that has long failed.
    @Test(arguments: ExecutorUnderTest.all)
    func activationsKeepWhatIsNotANumber(executor: ExecutorUnderTest) throws {
        let results = try run(executor, TensorType(.float32, [2]), [.nan, 7]) { x in
            [
                x.relu(), x.relu6(), x.leakyRelu(), x.elu(), x.selu(), x.sigmoid(), x.tanh(), x.softplus(),
                x.softsign(), x.silu(), x.gelu(), x.gelu(isApproximate: true),
            ]
        }
        for (place, result) in results.enumerated() { #expect(result[0].isNaN && result[1].isFinite, "\(place)") }
        #expect(results[1][1] == 6)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func argMinOfEveryType(executor: ExecutorUnderTest) throws {
        for dtype in DType.allCases where dtype != .bool {
            let (least, most) = (Double(dtype.bounds.least), Double(dtype.bounds.most))
            let rows = dtype.isFloating ? [3, -2, 0, 5, -2, -2, 7, 7, 9] : [3, 0, least, 5, 2, 2, most, most, 9]
            let expected: [Double] = dtype.isFloating ? [1, 1, 0] : least == 0 ? [1, 1, 2] : [2, 1, 2]
            let results = try run(executor, TensorType(dtype, [3, 3]), rows) { [$0.argMin()] }
            #expect(results == [expected, expected], "\(dtype)")
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func oneHotWithMoreClassesThanTheLabelsHold(executor: ExecutorUnderTest) throws {
        for (dtype, depth) in [(DType.uint8, 300), (.int8, 200), (.uint8, 256), (.int8, 3)] {
            let results = try run(executor, TensorType(dtype, [2]), [0, 2]) {
                [$0.oneHot(depth: depth).reduceSum(axes: [1]), $0.oneHot(depth: depth).argMax(axis: 1)]
            }
            #expect(results == [[1, 1], [0, 2], [1, 1], [0, 2]], "\(dtype), \(depth)")
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func conversionsSaturate(executor: ExecutorUnderTest) throws {
        let wide: [Double] = [300, -1, 70_000, -70_000, 3e9, -3e9]
        for from in [DType.int64, .float32, .float64] {
            for to in [DType.uint8, .int8, .uint16, .int16, .int32] {
                let (least, most) = (Double(to.bounds.least), Double(to.bounds.most))
                let expected = wide.map { min(max($0, least), most) }
                let results = try run(executor, TensorType(from, [6]), wide) { [$0.cast(to: to)] }
                #expect(results == [expected, expected], "\(from) to \(to)")
            }
        }
        let odd = [Double.nan, .infinity, -.infinity, 1e30, -2.9]
        let results = try run(executor, TensorType(.float32, [5]), odd) { [$0.cast(to: .int8), $0.cast(to: .int64)] }
        #expect(results[0] == [0, 127, -128, 127, -2])
        #expect(results[1] == [0, Double(Int64.max), Double(Int64.min), Double(Int64.max), -2])
        #expect(Literal(type: TensorType(.uint8, [3]), doubles: [-1, 256, .nan]).integers == [0, 255, 0])
        #expect(Literal(type: TensorType(.int16, [2]), integers: [.min, .max]).integers == [-32_768, 32_767])
    }

    @Test func aCrossEntropyOverNoClassesIsRefused() {
        let builder = GraphBuilder()
        let logits = builder.infeed(TensorType(.float32, [4, 0]))
        let labels = builder.infeed(TensorType(.int64, [4]))
        let loss = logits.sparseSoftmaxCrossEntropy(labels: labels).reduceMean()
        let error = #expect(throws: GraphError.self) { try builder.finish(loss: loss) }
        #expect(error?.detail.contains("at least one class") == true)
    }

    @Test func anUpstreamOfAnotherTypeIsRefused() {
        for (type, code) in [
            (TensorType(.float32, [3]), GraphError.Code.shapeMismatch), (TensorType(.float64, [2]), .typeMismatch),
        ] {
            let builder = GraphBuilder()
            let x = builder.infeed(TensorType(.float32, [2]))
            let upstream = builder.infeed(type)
            _ = builder.gradients(of: x * 2, withRespectTo: [x], upstream: upstream)
            #expect(builder.error?.code == code)
            #expect(builder.error?.detail.contains("\(type)") == true)
        }
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, []))
        _ = builder.gradients(of: x, withRespectTo: [x], upstream: GraphBuilder().constant(1))
        #expect(builder.error?.code == .foreignTensor)
    }

    @Test(arguments: ExecutorUnderTest.all)
    func batchAxesOfProductsBroadcast(executor: ExecutorUnderTest) throws {
        let builder = GraphBuilder()
        let a = builder.infeed(TensorType(.float32, [3, 1, 4, 5]))
        let b = builder.infeed(TensorType(.float32, [2, 6, 5]))
        let y = a.matmul(b, transposeB: true)
        #expect(y.shape == [3, 2, 4, 6])
        let gradients = builder.gradients(of: y, withRespectTo: [a, b])
        let program = try builder.finish(outfeed: [("y", y), ("da", gradients[0]), ("db", gradients[1])])
        let x = (0..<60).map { Float($0 % 7) - 3 }
        let w = (0..<60).map { Float($0 % 5) - 2 }
        let results = try executor.step(program, inputs: [bytes(x), bytes(w)]).mapValues(floats)
        var product = [Float](repeating: 0, count: 144)
        var (dx, dw) = ([Float](repeating: 0, count: 60), [Float](repeating: 0, count: 60))
        for (i, j) in (0..<3).flatMap({ i in (0..<2).map { (i, $0) } }) {
            for (r, c, k) in (0..<4).flatMap({ r in (0..<6).flatMap { c in (0..<5).map { (r, c, $0) } } }) {
                let (p, q) = ((i * 4 + r) * 5 + k, (j * 6 + c) * 5 + k)
                product[((i * 2 + j) * 4 + r) * 6 + c] += x[p] * w[q]
                dx[p] += w[q]
                dw[q] += x[p]
            }
        }
        #expect(results["y"] == product)
        #expect(results["da"] == dx)
        #expect(results["db"] == dw)
        let other = GraphBuilder()
        _ = other.infeed(TensorType(.float32, [3, 4, 5])).matmul(other.infeed(TensorType(.float32, [2, 5, 6])))
        #expect(other.error?.code == .shapeMismatch)
    }
}
