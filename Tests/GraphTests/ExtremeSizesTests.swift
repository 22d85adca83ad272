import Graph
import Testing
import TestSupport

/// Sizes as a hostile or careless model has them: what does not fit is refused or becomes the bound, nothing traps.
struct ExtremeSizesTests {
    private static let extents = [
        0, 1, 2, 3, 255, 65_536, 1 << 16, 1 << 24, 1 << 31, (1 << 31) + 1, 1 << 32, 1 << 47, 1 << 48, 1 << 62, .max, -1,
        .min,
    ]

    private static func shape(_ random: inout SeededGenerator, rank: ClosedRange<Int> = 0...6) -> Shape {
        Shape((0..<Int.random(in: rank, using: &random)).map { _ in extents.randomElement(using: &random) ?? 1 })
    }

    /// A seed of this run, printed with every failure.
    private static let seed = UInt64.random(in: 0 ... .max)

    @Test func countsSaturate() {
        #expect(Shape([1 << 32, 1 << 32]).count == .max)
        #expect(Shape([.max, .max, 0]).count == 0)
        #expect(TensorType(.float64, [1 << 61]).byteCount == .max)
        #expect(Shape([.max, 2, .max]).strides == [.max, .max, 1])
        #expect(Shape([2, 3])[5] == 0)
        #expect(Shape.scalar[-1] == 0)
    }

    @Test func arithmeticOnShapesNeverTraps() {
        var random = SeededGenerator(seed: Self.seed)
        for round in 0..<2_000 {
            let (a, b) = (Self.shape(&random), Self.shape(&random))
            let type = TensorType(DType.allCases.randomElement(using: &random) ?? .bool, a)
            let isExact = a.isValid && type.byteCount == a.dimensions.reduce(type.dtype.size, *)
            #expect(isExact || !a.isValid, "seed \(Self.seed), round \(round): \(type)")
            _ = (a.strides, a.count, a.broadcast(with: b), a.keeping(axes: [0]), a.removing(axes: [1, 7]))
        }
    }

    @Test func productsSaturateOnTheirSide() {
        let numbers = [Int.min, .min + 1, -3, -1, 0, 1, 2, 1 << 40, .max - 1, .max]
        for a in numbers {
            for b in numbers {
                let exact = Int128(a) * Int128(b)
                #expect(a.multiplied(saturating: b) == Int(clamping: exact))
                #expect(a.adding(saturating: b) == Int(clamping: Int128(a) + Int128(b)))
                #expect(a.subtracting(saturating: b) == Int(clamping: Int128(a) - Int128(b)))
            }
        }
    }

    /// Whatever is built on whatever, behind faults, too; what is accepted has a cost.
    @Test func buildingNeverTraps() {
        var random = SeededGenerator(seed: Self.seed)
        var accepted = 0
        for round in 0..<300 {
            let comment: Comment = "seed \(Self.seed), round \(round)"
            let builder = GraphBuilder()
            let isTame = round % 3 == 0
            var pool = [
                builder.infeed(TensorType(.float32, isTame ? [1 << 20, 1 << 10] : Self.shape(&random))),
                builder.constant(2, shape: isTame ? [1 << 24, 1 << 22] : Self.shape(&random)),
                builder.variable("v", shape: isTame ? [1 << 10, 1 << 31] : Self.shape(&random)).value,
            ]
            for _ in 0..<12 {
                let x = pool.randomElement(using: &random) ?? pool[0]
                let y = pool.randomElement(using: &random) ?? x
                if isTame, let next = Self.tame(x, pool) {
                    pool.append(next)
                } else {
                    pool.append(Self.node(x, y, &random))
                }
            }
            let loss = pool.reduce(builder.constant(0)) { $0 + $1.cast(to: .float32).reduceMean() }
            _ = builder.gradients(of: loss, withRespectTo: builder.trainableVariables)
            guard let program = try? builder.finish(loss: loss) else {
                #expect(builder.error != nil, comment)
                continue
            }
            accepted += 1
            for replicas in [1, 8, .max] {
                let cost = Cost(program, replicas: replicas)
                #expect(cost.flops >= 0 && cost.bytes >= 0, comment)
            }
            #expect(throws: Never.self, comment) { try Passes.optimize(program) }
        }
        print("ExtremeSizesTests: seed \(Self.seed), \(accepted) programs accepted")
    }

    /// A product of what is there, large but possible.
    private static func tame(_ x: Tensor, _ pool: [Tensor]) -> Tensor? {
        if x.rank == 2, let y = pool.first(where: { $0.rank == 2 && $0.shape[0] == x.shape[1] }) { return x.matmul(y) }
        return x.rank == 2 ? x.square() : nil
    }

    private static func node(_ x: Tensor, _ y: Tensor, _ random: inout SeededGenerator) -> Tensor {
        let extent = extents.randomElement(using: &random) ?? 1
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return x.flattened()
        case 1: return x.reshape(to: [-1])
        case 2: return x.reshape(to: [extent, -1])
        case 3: return x.reshape(to: shape(&random).dimensions)
        case 4: return x + y
        case 5: return x.matmul(y)
        case 6: return x.matmul(y, transposeA: true, transposeB: true)
        case 7: return x.broadcast(to: shape(&random))
        case 8: return x.tiled(x.shape.dimensions.map { _ in extent })
        case 9:
            return x.padded(
                low: x.shape.dimensions.map { _ in extent }, high: x.shape.dimensions.map { _ in extent })
        case 10:
            return x.slice(
                from: x.shape.dimensions.map { _ in 0 }, to: x.shape.dimensions,
                by: x.shape.dimensions.map { _ in extent })
        case 11: return x.cast(to: .uint8).oneHot(depth: extent)
        case 12: return x.split(sizes: [extent, extent, extent], axis: 0)[0]
        case 13: return x.expandDimensions(at: extent)
        case 14: return x.squeeze(at: 0)
        case 15: return x.transposed()
        case 16: return x.reduceMean(axes: [extent])
        case 17: return x.softmax(axis: extent)
        case 18: return x.argMax().cast(to: .float32)
        case 19: return x.builder.concatenate([x, y, x], axis: 0)
        case 20: return x.builder.stack([x, y], axis: extent)
        case 21: return x.sparseSoftmaxCrossEntropy(labels: y.cast(to: .int64))
        case 22: return x.builder.iota(shape: shape(&random), axis: extent, dtype: .float32)
        default: return x.reduceLogSumExp(axes: [0])
        }
    }
}
