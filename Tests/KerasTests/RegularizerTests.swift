import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct RegularizerTests {
    private static func read(_ value: JSON) -> (value: Regularizer?, faults: [String]) {
        readMember(value, "r") { Regularizer($0, $1) }
    }

    static let same: [(JSON, Regularizer)] = [
        ("l1", .norms(l1: 0.01, l2: 0)), ("L1", .norms(l1: 0.01, l2: 0)), ("l2", .norms(l1: 0, l2: 0.01)),
        ("L1L2", .norms(l1: 0, l2: 0)), ("l1l2", .norms(l1: 0, l2: 0)), ("l1_l2", .norms(l1: 0.01, l2: 0.01)),
        (["L2": ["l2": 0.5]], .norms(l1: 0, l2: 0.5)), (["L1L2": ["l1": 0.5, "l2": 2]], .norms(l1: 0.5, l2: 2)),
        (
            ["module": "keras.regularizers", "class_name": "L1", "config": ["l1": 0.25], "registered_name": nil],
            .norms(l1: 0.25, l2: 0)
        ), ("orthogonal_regularizer", .orthogonal(factor: 0.01, mode: .rows)),
        (
            ["OrthogonalRegularizer": ["factor": 2, "mode": "columns"]], .orthogonal(factor: 2, mode: .columns)
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
        (["L2": ["l2": -1]], "/r/L2/l2: must be a number of at least 0, not -1"),
        (["L2": ["l1": 1]], "/r/L2/l1: is not a known field; did you mean \"l2\"?"),
        (
            ["OrthogonalRegularizer": ["mode": "row"]],
            "/r/OrthogonalRegularizer/mode: must be one of \"rows\" or \"columns\", not \"row\"; did you mean \"rows\"?"
        ), (7, "/r: must be a regularizer by name or as an object, not 7"),
        (
            ["class_name": "Mine", "registered_name": "my>Mine"],
            "/r/registered_name: my>Mine is a class of the user's own; its code is not in the JSON"
        ),
        (
            "l3",
            "/r: \"l3\" is not a known regularizer; did you mean \"L1\"?; there are L1, L1L2, L2, OrthogonalRegularizer, l1, "
                + "l1_l2, l1l2, l2, orthogonal_regularizer"
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let faults = Self.read(Self.wrong[index].0).faults
        #expect(faults == [Self.wrong[index].1])
    }

    private static let w: [Float] = [3, -4, 0, 5, 2, 0]

    @Test func normsAreSums() throws {
        func penalty(_ regularizer: Regularizer) throws -> TensorValue {
            try TensorValue(Self.w, shape: [2, 3]) { regularizer.penalty(of: $0) }
        }
        try penalty(.norms(l1: 0.5, l2: 0)).expect([7])
        try penalty(.norms(l1: 0, l2: 0.5)).expect([27])
        try penalty(.norms(l1: 0.5, l2: 0.5)).expect([34])
        try penalty(.norms(l1: 0, l2: 0)).expect([0])
        #expect(try penalty(.norms(l1: 1, l2: 1)).shape == [])
    }

    /// Cosines of [3, −4, 0] and [5, 2, 0], and of the columns [3, 5], [−4, 2] and [0, 0].
    @Test func orthogonalIsTheMeanCosine() throws {
        func penalty(_ mode: Regularizer.OrthogonalMode, _ w: [Float] = Self.w, _ shape: [Int] = [2, 3]) throws
            -> TensorValue
        {
            try TensorValue(w, shape: shape) { Regularizer.orthogonal(factor: 0.3, mode: mode).penalty(of: $0) }
        }
        try penalty(.rows).expect([0.3 * 7 / (5 * 29.0.squareRoot())])
        try penalty(.columns).expect([0.3 * 2 / (34.0.squareRoot() * 20.0.squareRoot()) / 3])
        // A single row has no pair.
        try penalty(.rows, [1, 2], [1, 2]).expect([0])
    }

    @Test func shapesThatDoNotFit() {
        #expect(Regularizer.norms(l1: 1, l2: 1).mismatch([3]) == nil)
        #expect(Regularizer.orthogonal(factor: 1, mode: .rows).mismatch([3, 2]) == nil)
        #expect(
            Regularizer.orthogonal(factor: 1, mode: .rows).mismatch([3])
                == "OrthogonalRegularizer takes a matrix, but the shape is [3]")
    }
}
