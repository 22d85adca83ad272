import Executor
import Graph
import Testing

struct ReferenceKernelsContractionsTests {
    @Test func nanWins() throws {
        let row = Reference.value(.float32, [1, .nan, 2], [1, 3])
        #expect(try Reference.evaluate(.softmax, [row]).doubles.allSatisfy(\.isNaN))
        #expect(try Reference.evaluate(.logSoftmax, [row]).doubles.allSatisfy(\.isNaN))
        #expect(try Reference.evaluate(.reduce(.max, axes: [1]), [row]).doubles[0].isNaN)
        #expect(try Reference.evaluate(.reduce(.min, axes: [1]), [row]).doubles[0].isNaN)
        #expect(try Reference.evaluate(.argMax(axis: 1), [row]).wholes == [1])
    }

    @Test func labelsOutsideGiveNaN() throws {
        let logits = Reference.value(.float32, [1, 2, 3, 4, 5, 6], [3, 2])
        let labels = ReferenceValue(Literal(type: TensorType(.int64, [3]), integers: [0, 2, -1]))
        let loss = try Reference.evaluate(.sparseSoftmaxCrossEntropy, [logits, labels]).doubles
        #expect(loss[0].isFinite && loss[1].isNaN && loss[2].isNaN)
        let ones = Reference.value(.float32, [1, 1, 1])
        let gradient = try Reference.evaluate(.sparseSoftmaxCrossEntropyGradient, [logits, labels, ones]).doubles
        #expect(gradient.map(\.isNaN) == [false, false, true, true, true, true])
    }

    @Test func emptyReductionsGiveTheIdentity() throws {
        let nothing = Reference.value(.float32, [], [2, 0])
        #expect(try Reference.evaluate(.reduce(.sum, axes: [1]), [nothing]).doubles == [0, 0])
        #expect(try Reference.evaluate(.reduce(.product, axes: [1]), [nothing]).doubles == [1, 1])
        #expect(try Reference.evaluate(.reduce(.max, axes: [1]), [nothing]).doubles == [-.infinity, -.infinity])
        let wholes = Reference.value(.int8, [], [1, 0])
        #expect(try Reference.evaluate(.reduce(.max, axes: [1]), [wholes]).wholes == [-128])
        #expect(try Reference.evaluate(.reduce(.min, axes: [1]), [wholes]).wholes == [127])
        #expect(try Reference.evaluate(.softmax, [nothing]).doubles == [])
    }

    @Test func sumsAreExactBeforeTheyAreRounded() throws {
        let elements = [1e8, 1, -1e8, 1].map { Double($0) }
        #expect(try Reference.evaluate(.reduce(.sum, axes: [0]), [Reference.value(.float32, elements)]).doubles == [2])
    }

    @Test func largeArgumentsDontOverflow() throws {
        let x = Reference.value(.float32, [-1000, 1000])
        #expect(try Reference.evaluate(.softmax, [x]).doubles == [0, 1])
        #expect(try Reference.evaluate(.logSoftmax, [x]).doubles == [-2000, 0])
    }

    @Test func theFirstLargestAlongAnAxis() throws {
        let x = Reference.value(.int16, [1, 5, 3, 3], [2, 2])
        #expect(try Reference.evaluate(.argMax(axis: 0), [x]).wholes == [1, 0])
        #expect(try Reference.evaluate(.argMax(axis: 1), [x]).wholes == [1, 0])
        let near = ReferenceValue(Literal(type: TensorType(.int64, [2]), integers: [1 << 53, 1 << 53 + 1]))
        #expect(try Reference.evaluate(.argMax(axis: 0), [near]).wholes == [1], "not by way of doubles")
        let deep = Reference.value(.float64, [0, 9, 4, 1, 2, 9, -1, -5, -1, -4, -2, -4], [2, 3, 2])
        #expect(try Reference.evaluate(.argMax(axis: 1), [deep]).wholes == [1, 0, 0, 1])
    }

    /// [1 2; 3 4] · [5 6; 7 8] by hand, stored in each of the four ways; then as the second of two batches.
    @Test func products() throws {
        let (a, at) = ([1.0, 2, 3, 4], [1.0, 3, 2, 4])
        let (b, bt) = ([5.0, 6, 7, 8], [5.0, 7, 6, 8])
        for dtype in [DType.float32, .float64] {
            for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
                let op = Op.dot(transposeLHS: left, transposeRHS: right)
                let (x, y) = (left ? at : a, right ? bt : b)
                let product = try Reference.evaluate(
                    op, [Reference.value(dtype, x, [2, 2]), Reference.value(dtype, y, [2, 2])])
                #expect(product.doubles == [19, 22, 43, 50])
                let batches = try Reference.evaluate(
                    op,
                    [
                        Reference.value(dtype, [0, 0, 0, 0] + x, [2, 2, 2]),
                        Reference.value(dtype, [1, 1, 1, 1] + y, [2, 2, 2]),
                    ])
                #expect(batches.doubles == [0, 0, 0, 0, 19, 22, 43, 50])
            }
        }
        let nothing = try Reference.evaluate(
            .dot(transposeLHS: false, transposeRHS: false),
            [Reference.value(.float32, [], [2, 0]), Reference.value(.float32, [], [0, 3])])
        #expect(nothing == Reference.value(.float32, [0, 0, 0, 0, 0, 0], [2, 3]))
    }

    @Test func reducesTheAxesThatAreNamed() throws {
        let x = Reference.value(.float64, [1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2])
        #expect(try Reference.evaluate(.reduce(.sum, axes: [1]), [x]).doubles == [4, 6, 12, 14])
        #expect(try Reference.evaluate(.reduce(.product, axes: [0, 2]), [x]).doubles == [60, 672])
        #expect(try Reference.evaluate(.reduce(.max, axes: [0]), [x]).doubles == [5, 6, 7, 8])
        #expect(try Reference.evaluate(.reduce(.min, axes: [0, 1, 2]), [x]).doubles == [1])
        #expect(try Reference.evaluate(.reduce(.sum, axes: []), [x]) == x)
        let bytes = Reference.value(.uint8, [200, 100, 16, 17], [2, 2])
        #expect(try Reference.evaluate(.reduce(.sum, axes: [1]), [bytes]).wholes == [44, 33])
        #expect(try Reference.evaluate(.reduce(.product, axes: [1]), [bytes]).wholes == [32, 16])
    }

    /// Two rows whose softmax is known: [1/4, 3/4] and [1/2, 1/2].
    @Test func crossEntropiesByHand() throws {
        let logits = Reference.value(.float64, [0, 1.0986122886681098, 5, 5], [2, 2])
        let labels = Reference.value(.int32, [1, 0])
        let losses = try Reference.evaluate(.sparseSoftmaxCrossEntropy, [logits, labels]).doubles
        #expect(abs(losses[0] - 0.28768207245178096) < 1e-12 && abs(losses[1] - 0.6931471805599453) < 1e-12)
        let weights = Reference.value(.float64, [4, -2])
        let slopes = try Reference.evaluate(.sparseSoftmaxCrossEntropyGradient, [logits, labels, weights]).doubles
        #expect(zip(slopes, [1, -1, 1, -1]).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}
