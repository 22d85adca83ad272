import Graph
import TestSupport

/// Ops whose operands' shapes depend on each other.
extension OpCases {
    /// Cases of a kind over small shapes; nil where the shapes alone say all.
    static func small(_ kind: Op.Kind) -> [OpCases]? {
        switch kind {
        case .dot:
            dots(rows: [0, 1, 2, 5], inner: [0, 1, 3], columns: [0, 1, 4], batches: [[], [0], [1], [2], [2, 3]])
        case .softmax: rows(smallShapes, [.softmax])
        case .logSoftmax: rows(smallShapes, [.logSoftmax])
        case .sparseSoftmaxCrossEntropy: crossEntropies([0, 1, 2, 5], [1, 2, 7], hasUpstream: false)
        case .sparseSoftmaxCrossEntropyGradient: crossEntropies([0, 1, 2, 5], [1, 2, 7], hasUpstream: true)
        case .gather: gathers([[1], [3], [4, 2], [2, 0], [3, 2, 2]], [[], [0], [1], [4], [2, 3]])
        case .scatterAdd: scatters([[], [0], [1], [4], [2, 3]], [[], [1], [2], [0], [2, 3]], [0, 1, 3])
        case .iota: [OpCases([.scalar(.float32)], iotas(smallShapes, [.float32, .float64, .int32, .uint8]))]
        case .randomUniform: [OpCases([.scalar(.int64)], draws(smallShapes, [.float32, .float64]))]
        case .convolution, .convolutionInputGradient, .convolutionFilterGradient, .pool, .maxPoolGradient,
            .sumPoolGradient:
            windows(
                kind, batches: [0, 1, 2], spatial: [[1], [4], [5], [3, 4], [2, 3, 2]],
                channels: [(1, 1, 1), (2, 4, 2), (3, 2, 1)])
        default: nil
        }
    }

    /// Cases of a kind over large operands; nil where the shapes alone say all.
    static func large(_ kind: Op.Kind, _ random: inout SeededGenerator) -> [OpCases]? {
        func extent(_ most: Int) -> Int { 1 + random.below(most) }
        switch kind {
        case .dot:
            return dots(rows: [1, extent(150)], inner: [extent(200)], columns: [1, extent(120)], batches: [[]])
                + dots(rows: [extent(20)], inner: [extent(20)], columns: [extent(20)], batches: [[1], [extent(6), 2]])
        case .softmax: return rows(largeShapes(&random), [.softmax])
        case .logSoftmax: return rows(largeShapes(&random), [.logSoftmax])
        case .sparseSoftmaxCrossEntropy: return crossEntropies([1, extent(300)], [extent(100)], hasUpstream: false)
        case .sparseSoftmaxCrossEntropyGradient:
            return crossEntropies([1, extent(300)], [extent(100)], hasUpstream: true)
        case .gather: return gathers([[extent(200), extent(50)]], [[1], [extent(300)], [extent(10), extent(30)]])
        case .scatterAdd: return scatters([[1], [extent(300)]], [[extent(40)]], [extent(50)])
        case .iota: return [OpCases([.scalar(.float32)], iotas(largeShapes(&random), [.float32]))]
        case .randomUniform: return [OpCases([.scalar(.int64)], draws(largeShapes(&random), [.float32]))]
        case .convolution, .convolutionInputGradient, .convolutionFilterGradient, .pool, .maxPoolGradient,
            .sumPoolGradient:
            return windows(
                kind, batches: [1, 3], spatial: [[20 + extent(40)], [6 + extent(8), 6 + extent(8)]],
                channels: [(8, 16, 1), (6, 12, 3), (extent(9), extent(9), 1)])
        default: return nil
        }
    }

    private static let floating: [DType] = [.float32, .float64]

    private static func rows(_ shapes: [Shape], _ ops: [Op]) -> [OpCases] {
        shapes.flatMap { shape in floating.map { OpCases([TensorType($0, shape)], ops) } }
    }

    private static func iotas(_ shapes: [Shape], _ types: [DType]) -> [Op] {
        var ops: [Op] = []
        for shape in shapes {
            for axis in 0..<shape.rank { ops += types.map { Op.iota(type: TensorType($0, shape), axis: axis) } }
        }
        return ops
    }

    private static func draws(_ shapes: [Shape], _ types: [DType]) -> [Op] {
        shapes.flatMap { shape in types.map { Op.randomUniform(type: TensorType($0, shape), seed: 7) } }
    }

    private static func dots(rows: [Int], inner: [Int], columns: [Int], batches: [[Int]]) -> [OpCases] {
        var cases: [OpCases] = []
        for batch in batches {
            for m in rows {
                for k in inner {
                    for n in columns {
                        for (left, right) in [(false, false), (false, true), (true, false), (true, true)] {
                            let (a, b) = (batch + (left ? [k, m] : [m, k]), batch + (right ? [n, k] : [k, n]))
                            cases += floating.map {
                                OpCases(
                                    [TensorType($0, Shape(a)), TensorType($0, Shape(b))],
                                    [.dot(transposeLHS: left, transposeRHS: right)])
                            }
                        }
                    }
                }
            }
        }
        return cases
    }

    private static func crossEntropies(_ rows: [Int], _ classes: [Int], hasUpstream: Bool) -> [OpCases] {
        let op = hasUpstream ? Op.sparseSoftmaxCrossEntropyGradient : .sparseSoftmaxCrossEntropy
        var cases: [OpCases] = []
        for n in rows {
            for c in classes {
                for (dtype, labels) in [(DType.float32, DType.int32), (.float64, .int64)] {
                    var operands = [
                        Operand(type: TensorType(dtype, [n, c])),
                        Operand(type: TensorType(labels, [n]), elements: .indices(c)),
                    ]
                    if hasUpstream { operands.append(Operand(type: TensorType(dtype, [n]))) }
                    cases.append(OpCases(operands, [op]))
                }
            }
        }
        return cases
    }

    private static func gathers(_ tables: [[Int]], _ indices: [[Int]]) -> [OpCases] {
        let types: [(table: DType, indices: DType)] = [
            (.float32, .int32), (.int16, .int64), (.bool, .int32), (.float64, .uint8),
        ]
        var cases: [OpCases] = []
        for table in tables {
            for shape in indices {
                for type in types {
                    let operands = [
                        Operand(type: TensorType(type.table, Shape(table))),
                        Operand(type: TensorType(type.indices, Shape(shape)), elements: .indices(table[0])),
                    ]
                    cases.append(OpCases(operands, [.gather]))
                }
            }
        }
        return cases
    }

    private static func scatters(_ indices: [[Int]], _ rests: [[Int]], _ rows: [Int]) -> [OpCases] {
        let types: [(updates: DType, indices: DType)] = [(.float32, .int32), (.int32, .int64), (.float64, .int32)]
        var cases: [OpCases] = []
        for shape in indices {
            for rest in rests {
                for count in rows {
                    for type in types {
                        let operands = [
                            Operand(type: TensorType(type.indices, Shape(shape)), elements: .indices(count)),
                            Operand(type: TensorType(type.updates, Shape(shape + rest))),
                        ]
                        cases.append(OpCases(operands, [.scatterAdd(rows: count)]))
                    }
                }
            }
        }
        return cases
    }

    // MARK: Windows

    /// Windows of one to three cells, with and without strides, gaps and padding.
    private static func windows(rank: Int) -> [Window] {
        func all(_ number: Int) -> [Int] { [Int](repeating: number, count: rank) }
        return [
            Window(extents: all(1)), Window(extents: all(2), strides: all(2)),
            Window(extents: all(3), low: all(1), high: all(1)), Window(extents: all(2), dilation: all(2)),
            Window(extents: all(3), strides: all(2), low: all(0), high: all(1)),
            Window(extents: all(2), strides: all(3), dilation: all(1), low: all(2), high: all(2)),
        ]
    }

    private static func windows(
        _ kind: Op.Kind, batches: [Int], spatial: [[Int]], channels: [(input: Int, output: Int, groups: Int)]
    ) -> [OpCases] {
        let rules = TypeRules(infeed: [], variables: [])
        var cases: [OpCases] = []
        for n in batches {
            for extents in spatial {
                for window in windows(rank: extents.count) {
                    for (c, f, groups) in channels {
                        for dtype in floating {
                            let x = TensorType(dtype, Shape([n] + extents + [c]))
                            let filter = TensorType(dtype, Shape(window.extents + [c / groups, f]))
                            let convolution = Op.convolution(window, groups: groups)
                            let pool = Op.pool(kind == .maxPoolGradient ? .max : .sum, window)
                            guard let y = try? rules.result(convolution, [x, filter]),
                                let z = try? rules.result(pool, [x])
                            else { continue }
                            switch kind {
                            case .convolution: cases.append(OpCases([x, filter], [convolution]))
                            case .convolutionInputGradient:
                                cases.append(
                                    OpCases(
                                        [y, filter], [.convolutionInputGradient(window, groups: groups, input: extents)]
                                    ))
                            case .convolutionFilterGradient:
                                cases.append(OpCases([x, y], [.convolutionFilterGradient(window, groups: groups)]))
                            case .pool: cases.append(OpCases([x], [pool, .pool(.max, window)]))
                            case .maxPoolGradient: cases.append(OpCases([x, z], [.maxPoolGradient(window)]))
                            default: cases.append(OpCases([z], [.sumPoolGradient(window, input: extents)]))
                            }
                        }
                    }
                }
            }
        }
        return cases
    }
}
