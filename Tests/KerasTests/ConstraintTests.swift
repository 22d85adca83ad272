import Estimator
import Executor
import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct ConstraintTests {
    private static func read(_ value: JSON) -> (value: Constraint?, faults: [String]) {
        readMember(value, "c") { Constraint($0, $1) }
    }

    static let same: [(JSON, Constraint)] = [
        ("max_norm", .maxNorm(maxValue: 2, axis: [0])), ("maxnorm", .maxNorm(maxValue: 2, axis: [0])),
        (["MaxNorm": ["max_value": 0.5, "axis": [0, 1, 2]]], .maxNorm(maxValue: 0.5, axis: [0, 1, 2])),
        ("MinMaxNorm", .minMaxNorm(minValue: 0, maxValue: 1, rate: 1, axis: [0])),
        (
            ["MinMaxNorm": ["min_value": 1, "max_value": 2, "rate": 0.5, "axis": -1]],
            .minMaxNorm(minValue: 1, maxValue: 2, rate: 0.5, axis: [-1])
        ), ("NonNeg", .nonNegative), ("non_neg", .nonNegative), ("nonneg", .nonNegative),
        ("UnitNorm", .unitNorm(axis: [0])),
        (
            [
                "module": "keras.constraints", "class_name": "UnitNorm", "config": ["axis": 1],
                "registered_name": nil,
            ], .unitNorm(axis: [1])
        ), ("unitnorm", .unitNorm(axis: [0])),
        ("min_max_norm", .minMaxNorm(minValue: 0, maxValue: 1, rate: 1, axis: [0])),
        ("unit_norm", .unitNorm(axis: [0])), ("radial_constraint", .radial),
        (
            [
                "module": "keras.constraints", "class_name": "RadialConstraint", "config": [:], "registered_name": nil,
            ], .radial
        ),
    ]

    @Test(arguments: same.indices) func isRead(_ index: Int) {
        let (value, faults) = Self.read(Self.same[index].0)
        #expect(value == Self.same[index].1)
        #expect(faults.isEmpty)
    }

    @Test func noneIsNone() {
        #expect(Self.read(nil).value == nil)
        #expect(Self.read(nil).faults.isEmpty)
    }

    static let wrong: [(JSON, String)] = [
        (["MaxNorm": ["max_value": -1]], "/c/MaxNorm/max_value: must be a number of at least 0, not -1"),
        (["MaxNorm": ["axis": [0.5]]], "/c/MaxNorm/axis/0: must be a whole number from -8 to 7, not 0.5"),
        (["MinMaxNorm": ["rate": 2]], "/c/MinMaxNorm/rate: must be a number from 0 to 1, not 2"),
        (
            ["MinMaxNorm": ["min_value": 2, "max_value": 1]],
            "/c/MinMaxNorm/max_value: must be at least min_value, 2.0, not 1.0"
        ), (["NonNeg": ["axis": 0]], "/c/NonNeg/axis: is not a known field"),
        (["RadialConstraint": ["axis": 0]], "/c/RadialConstraint/axis: is not a known field"),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        #expect(Self.read(Self.wrong[index].0).faults == [Self.wrong[index].1])
    }

    /// Columns of norms 5 and 1.
    private func constrained(_ constraint: Constraint) throws -> TensorValue {
        try TensorValue([3, 0, -4, 1], shape: [2, 2]) { constraint($0) }
    }

    @Test func normsAreLimited() throws {
        try constrained(.maxNorm(maxValue: 2, axis: [0])).expect([1.2, 0, -1.6, 1])
        try constrained(.unitNorm(axis: [0])).expect([0.6, 0, -0.8, 1])
        try constrained(.unitNorm(axis: [-1])).expect([1, 0, -4 / 17.0.squareRoot(), 1 / 17.0.squareRoot()])
        try constrained(.minMaxNorm(minValue: 2, maxValue: 3, rate: 1, axis: [0])).expect([1.8, 0, -2.4, 2])
        // Half of the way from 5 to 3, and from 1 to 2.
        try constrained(.minMaxNorm(minValue: 2, maxValue: 3, rate: 0.5, axis: [0])).expect([2.4, 0, -3.2, 1.5])
        try constrained(.maxNorm(maxValue: 13, axis: [0, 1])).expect([3, 0, -4, 1])
        try constrained(.nonNegative).expect([3, 0, 0, 1])
    }

    /// Kernels of one channel and two filters, the first of which has the numbers 0, 2, 4 … row by row: those of TensorFlow 2.15.1.
    @Test(
        arguments: [
            (2, [0, 0, 0, 0]), (3, [8, 8, 8, 8, 0, 8, 8, 8, 8]),
            (4, [30, 30, 30, 30, 30, 10, 10, 30, 30, 10, 10, 30, 30, 30, 30, 30]),
            (
                5,
                [
                    36, 36, 36, 36, 36, 36, 24, 24, 24, 36, 36, 24, 12, 24, 36, 36, 24, 24, 24, 36, 36, 36, 36, 36, 36,
                ]
            ),
            (
                6,
                [
                    70, 70, 70, 70, 70, 70, 70, 56, 56, 56, 56, 70, 70, 56, 28, 28, 56, 70, 70, 56, 28, 28, 56, 70, 70,
                    56, 56,
                    56, 56, 70, 70, 70, 70, 70, 70, 70,
                ]
            ),
        ] as [(Int, [Double])]) func ringsHaveOneNumber(extent: Int, first: [Double]) throws
    {
        let numbers = (0..<(2 * extent * extent)).map { Float($0) }
        let made = try TensorValue(numbers, shape: [extent, extent, 1, 2]) { Constraint.radial($0) }
        #expect(made.shape == [extent, extent, 1, 2])
        made.expect(first.flatMap { [$0, $0 + 1] })
    }

    /// A convolution's kernel keeps its rings while it is trained, on both executors.
    @Test func aKernelKeepsItsRings() throws {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [4, 4, 1]], "labels": ["classes": 3], "examples": 12]
        ])
        job.spec["model"] = [
            ["Conv2D": ["filters": 3, "kernel_size": 4, "kernel_constraint": "radial_constraint"]], ["Flatten": [:]],
        ]
        #expect(job.faults == [])
        let program = try #require(job.definition).program().built.program
        let options = ExecutorOptions(replicas: 1)
        let executors: [any ProgramExecutor] = [
            try ReferenceExecutor(program: program, options: options),
            try LaneExecutor(program: program, options: options),
        ]
        let kernels = try executors.map { executor in
            let isTaken = try executor.infeed.fill(host: 0) { buffers in
                for (buffer, type) in zip(buffers, program.infeed) {
                    let numbers = (0..<type.count).map { type.dtype.isFloating ? Double($0 % 7) / 7 : Double($0 % 3) }
                    buffer.copyBytes(from: Literal(type: type, doubles: numbers).bytes)
                }
                return true
            }
            try #require(isTaken)
            #expect(try executor.run(iterations: 1).stepsRun == 1)
            return try executor.read(variable: "conv2d/kernel").withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        }
        for kernel in kernels {
            for filter in 0..<3 {
                let cells = (0..<16).map { kernel[$0 * 3 + filter] }
                let inner = [5, 6, 9, 10]
                #expect(Set(inner.map { cells[$0] }).count == 1)
                #expect(Set((0..<16).filter { !inner.contains($0) }.map { cells[$0] }).count == 1)
            }
        }
        LayerTrial.expectNear(kernels[1].map { Double($0) }, kernels[0].map { Double($0) })
    }

    @Test func aNormOfZeroStaysZero() throws {
        try TensorValue([0, 0], shape: [2, 1]) { Constraint.unitNorm(axis: [0])($0) }.expect([0, 0])
    }

    @Test func shapesThatDoNotFit() {
        #expect(Constraint.maxNorm(maxValue: 1, axis: [0, -1]).mismatch([3, 2]) == nil)
        #expect(Constraint.nonNegative.mismatch([]) == nil)
        #expect(
            Constraint.unitNorm(axis: [1]).mismatch([3])
                == "takes norms along axis 1, but the variable's shape is [3]")
        #expect(Constraint.radial.mismatch([3, 3, 1, 8]) == nil && Constraint.radial.mismatch([2, 2, 5, 1]) == nil)
        for shape in [[3, 3, 3], [3, 5, 1, 8], [1, 1, 4, 8], [3, 3, 3, 1, 8]] {
            #expect(
                Constraint.radial.mismatch(shape)
                    == "takes kernels of shape [k, k, …, …] with k of at least 2, but the variable's shape is \(shape)")
        }
        #expect(Constraint.unitNorm(axis: [0, -1]).mismatch([3]) == "names an axis twice in [0, -1]")
    }
}
