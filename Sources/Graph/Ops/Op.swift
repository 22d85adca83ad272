/// What a node computes. A closed set of primitives in the manner of StableHLO, each with one result; attributes are
/// the payload, operands are in the node. Shapes and element types are explicit: nothing broadcasts silently.
///
/// Adding an op means one case here and one row in each exhaustive switch: `Op.Kind`, `TypeRules`, `GradientRules`,
/// `Cost`, `Printer`, `Replication` and the executors' kernels.
package enum Op: Sendable, Hashable {
    /// Element `index` of this core's infeed tuple. No operands. (StableHLO `infeed`.)
    case infeed(index: Int)
    /// A value known at building time. No operands. (`constant`.)
    case constant(Literal)
    /// The value that variable `index` had when the step began, whatever is assigned in the step. No operands.
    case readVariable(index: Int)
    /// Numbers 0, 1, 2 … along `axis`, the same along the others. No operands. (`iota`.)
    case iota(type: TensorType, axis: Int)
    /// Uniform numbers in [0, 1): Philox 4×32-10 keyed by `seed`, counter = (element / 4, operand). Operand: a scalar
    /// int64 that names the draw (a step number; on several cores mixed with `replicaIndex` where they shall differ).
    case randomUniform(type: TensorType, seed: UInt64)
    /// Element by element.
    case unary(UnaryOp)
    /// Element by element over two operands of the same type.
    case binary(BinaryOp)
    /// Two operands of the same type to bools. (`compare`.)
    case compare(Comparison)
    /// Two bool operands of the same shape.
    case logical(LogicalOp)
    /// Operands: bool condition, value where true, value where false; all of one shape. (`select`.)
    case select
    /// To another element type: floats to integers cut toward zero, NaN gives 0; what the type does not hold becomes
    /// its nearest bound, whether it was a float or a wider integer; to bool is `≠ 0`. (`convert`.)
    case convert(DType)
    /// The same elements in row-major order in another shape. (`reshape`.)
    case reshape(Shape)
    /// Operand axis `i` becomes result axis `dimensions[i]` (ascending); an extent of 1 stretches.
    /// (`broadcast_in_dim`.)
    case broadcast(shape: Shape, dimensions: [Int])
    /// Result axis `i` is operand axis `permutation[i]`. (`transpose`.)
    case transpose(permutation: [Int])
    /// Elements `starts ..< limits` by `strides` (all ≥ 1) of each axis. (`slice`.)
    case slice(starts: [Int], limits: [Int], strides: [Int])
    /// Operands: the value, a scalar that fills. `low` before, `high` behind each axis, `interior` between
    /// neighbours; none negative. (`pad`.)
    case pad(low: [Int], high: [Int], interior: [Int])
    /// One or more operands, one behind the other along `axis`. (`concatenate`.)
    case concatenate(axis: Int)
    /// Matrix product of the last two axes, [m,k]·[k,n] → [m,n]; a transposed side is stored [k,m] or [n,k]. Leading
    /// axes are batch axes and equal on both sides. Floating. (`dot_general`.)
    case dot(transposeLHS: Bool, transposeRHS: Bool)
    /// Over `axes` (ascending, unique), which vanish. (`reduce`.)
    case reduce(Reduction, axes: [Int])
    /// Index of the first largest element along `axis`, int64; the axis vanishes; a NaN counts as the largest. (CHLO
    /// `top_k`; StableHLO: reduce of pairs.)
    case argMax(axis: Int)
    /// e^x / Σ e^x along the last axis, shifted by the maximum. (StableHLO: composed.)
    case softmax
    /// x − max − ln Σ e^(x − max) along the last axis. (StableHLO: composed.)
    case logSoftmax
    /// Operands: logits [n, c] floating, labels [n] integer. Result [n]: −logSoftmax(logits)[i, labels[i]]; NaN where
    /// a label is outside 0 ..< c. TF `nn.sparse_softmax_cross_entropy_with_logits`. (StableHLO: composed.)
    case sparseSoftmaxCrossEntropy
    /// Operands: logits [n, c], labels [n], upstream [n]. Result [n, c]: (softmax(logits) − oneHot(labels)) ·
    /// upstream; NaN rows where a label is outside. (StableHLO: composed.)
    case sparseSoftmaxCrossEntropyGradient
    /// Operands: x [n, s…, c] and filter [k…, c / groups, f], channels last, one to three spatial axes. Result
    /// [n, o…, f]: each filter slides as the window says; with groups the channels of each meet its own filters only.
    /// (`convolution`.)
    case convolution(Window, groups: Int)
    /// Operands: upstream [n, o…, f] and filter of the convolution. Result [n, `input`…, c]: what each element of x
    /// contributed to. Also Keras' transposed convolution. (StableHLO: `convolution` with dilated operand.)
    case convolutionInputGradient(Window, groups: Int, input: [Int])
    /// Operands: x and upstream of the convolution. Result: of the filter's shape. (StableHLO: `convolution` over the
    /// batch.)
    case convolutionFilterGradient(Window, groups: Int)
    /// Sum or maximum of the cells of x [n, s…, c] under the window, [n, o…, c]; cells outside don't count.
    /// (`reduce_window`.)
    case pool(Pooling, Window)
    /// Operands: x and upstream of a maximum. Result: of x's type; each upstream goes to its window's first largest
    /// cell, as in TensorFlow. (`select_and_scatter`.)
    case maxPoolGradient(Window)
    /// Operand: upstream of a sum. Result [n, `input`…, c]: each cell gets what the windows over it have.
    case sumPoolGradient(Window, input: [Int])
    /// Operands: table [v, r…], indices [i…] of integers. Result [i…, r…]: the rows of the table; of NaN (0 for
    /// integers, false for bools) where an index is outside 0 ..< v. (`gather`; TF `gather`.)
    case gather
    /// Operands: indices [i…] of integers, updates [i…, r…] of numbers. Result [rows, r…]: the sum of the updates of
    /// each row, in order; indices outside are left out. (`scatter` with add; TF `math.unsorted_segment_sum`.)
    case scatterAdd(rows: Int)
    /// The elements of these axes (ascending, unique) in opposite order. (`reverse`.)
    case reverse(axes: [Int])
    /// Each element with all before it along the axis, or all behind it when reversed. (CHLO; TF `math.cumsum`.)
    case cumulativeSum(axis: Int, isReversed: Bool)
    /// The sum of the operand over all cores, on every core, added in core order. (`all_reduce` with add; TF
    /// `tpu.cross_replica_sum`.)
    case crossReplicaSum
    /// The sum of the operand over the cores of this core's group, added in the group's order. Runs on as many cores as
    /// the groups name. (`all_reduce` with `replica_groups`; TF `tpu.cross_replica_sum` with `group_assignment`.)
    case crossReplicaGroupSum(ReplicaGroups)
    /// This core's number, a scalar int32. No operands. (`replica_id`.)
    case replicaIndex
    /// Stores the operand to variable `index` at the step's end; the result is the operand's value, so that what shall
    /// see the new value uses this node. At most one assignment to a variable in a program.
    case assign(variable: Int)
}
