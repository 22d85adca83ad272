import Graph
import TestSupport

/// A program drawn from a seed: matrices of small extents, every elementwise op that stays near 1, movement, products,
/// reductions, sums over cores, gradients and a variable. For properties that hold for every program.
enum RandomProgram {
    static func make(seed: UInt64, nodes: Int = 30) throws -> Program {
        var random = SeededGenerator(seed: seed)
        let builder = GraphBuilder()
        var pool = [
            builder.infeed(TensorType(.float32, [2, 3])), builder.infeed(TensorType(.float32, [3, 3])),
            builder.constant([0.5, 1, -1, 2, 0, 1], shape: [3, 2]),
        ]
        let variable = builder.variable("v", shape: [3, 2], initializer: .uniform(low: -1, high: 1))
        pool.append(variable.value)
        for _ in 0..<nodes {
            let x = pool.randomElement(using: &random) ?? pool[0]
            let y = pool.filter { $0.shape.broadcast(with: x.shape) != nil }.randomElement(using: &random) ?? x
            pool.append(node(x, y, pool, &random))
        }
        let loss = pool.suffix(6).map { $0.tanh().reduceMean() }.reduce(pool[3].reduceSum() * 0.5, +)
        let gradient = builder.gradients(of: loss, withRespectTo: [variable])[0]
        variable.assignSubtract(gradient.crossReplicaSum() * 0.1)
        let outfeed = pool.suffix(5).enumerated().map { (name: "\($0.offset)", value: $0.element) }
        return try builder.finish(loss: loss, outfeed: outfeed + [("gradient", gradient)])
    }

    private static func node(_ x: Tensor, _ y: Tensor, _ pool: [Tensor], _ random: inout SeededGenerator) -> Tensor {
        switch Int.random(in: 0..<34, using: &random) {
        case 0: return x + y
        case 1: return x - y
        case 2: return (x * y).tanh()
        case 3: return x.maximum(y)
        case 4: return x.squaredDifference(y).sigmoid()
        case 5: return (x .> y).select(x, y)
        case 6: return x.relu()
        case 7: return x.softplus().log1p()
        case 8: return x.softmax()
        case 9: return x.logSoftmax().exp()
        case 10: return x.transposed()
        case 11: return x.transposed().transposed()
        case 12: return x.reshape(to: [x.shape[1], x.shape[0]])
        case 13: return x.reduceSum(axes: [0], keepDimensions: true).sin()
        case 14: return x.reduceMax(axes: [1], keepDimensions: true)
        case 15: return (x * 1 + 0) / 1
        case 16: return -(-x)
        case 17: return x.padded(low: [0, 1], high: [1, 0]).slice(from: [0, 1], to: [x.shape[0], 1 + x.shape[1]])
        case 18: return x.crossReplicaSum().tanh()
        case 19:
            return x.crossReplicaSum() + y.broadcast(to: x.shape.broadcast(with: y.shape) ?? x.shape).crossReplicaSum()
        case 20: return x.builder.concatenate([x, x], axis: 0).slice(1..<(1 + x.shape[0]), axis: 0)
        case 21: return x.builder.constant(2) * (x.builder.constant(3) - x).abs().rsqrtNear1()
        case 22: return (x.argMax(axis: 1).cast(to: .float32) / 3).expandDimensions(at: 1)
        case 24: return x.reversed(axes: [Int.random(in: 0...1, using: &random)])
        case 25: return x.cumulativeSum(axis: Int.random(in: 0...1, using: &random), isReversed: true).tanh()
        case 26: return x.gather((y.argMax(axis: 1) + 1) % x.builder.constant(Double(x.shape[0]), dtype: .int64))
        case 27: return x.scatterAdd(x.argMax(axis: 1), rows: x.shape[1]).tanh()
        case 28:
            let filter = x.builder.constant([0.5, -1, 2], shape: [3, 1, 1])
            return x.expandDimensions(at: 2).convolution(filter, padding: .same).squeeze(at: 2).tanh()
        case 29:
            // Channels are the columns, each with its own filter; rows of the matrix are the one spatial axis.
            let filter = y.slice(0..<1, axis: 0).slice(0..<1, axis: 1).reshape(to: [1, 1, 1])
                .broadcast(to: [2, 1, x.shape[1]])
            return x.expandDimensions(at: 0)
                .convolution(filter, padding: .explicit(low: [1], high: [0]), groups: x.shape[1])
                .squeeze(at: 0).tanh()
        case 30: return x.expandDimensions(at: 2).maxPool([2], strides: [1], padding: .same).squeeze(at: 2)
        case 31: return x.expandDimensions(at: 0).averagePool([2], strides: [1], padding: .same).squeeze(at: 0)
        case 32: return x.expandDimensions(at: 2).maxPool([x.shape[1]]).squeeze(at: 2)
        case 23: return x + x.builder.replicaIndex().cast(to: .float32) * 0.1
        default:
            let partner = pool.filter { $0.shape[0] == x.shape[1] }.randomElement(using: &random) ?? x.transposed()
            return x.transposed().matmul(partner.transposed(), transposeA: true, transposeB: true).tanh()
        }
    }

    /// Bytes of random inputs for all cores, element by element.
    static func inputs(of program: Program, replicas: Int, seed: UInt64) -> [[UInt8]] {
        var random = SeededGenerator(seed: seed &+ 1)
        return program.infeed.map { type in
            bytes((0..<(type.count * replicas)).map { _ in Float.random(in: -1...1, using: &random) })
        }
    }
}

extension Tensor {
    fileprivate func rsqrtNear1() -> Tensor { (self + 1).rsqrt() }
}
