import Formats
import Graph

/// The same numbers in rows of another shape (Keras: `Reshape`).
struct ReshapeLayer: UnaryLayer {
    static let className = "Reshape"
    let common: LayerHeader
    /// At most one is −1, which follows from the others.
    private let target: [Int]
    private let targetPointer: JSONPointer

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        targetPointer = reader.pointer(to: "target_shape")
        guard let target = reader.ints("target_shape", required: true, in: -1...SpecLimit.extent, count: 0...8)
        else { return nil }
        self.target = target
        if target.contains(0) || target.count(where: { $0 == -1 }) > 1 {
            reader.fault(
                "target_shape",
                "must have extents of at least 1, and at most one -1 that follows from them, not \(target)")
            return nil
        }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let count = input.saturatedProduct
        let known = target.filter { $0 != -1 }.saturatedProduct
        let isPossible = target.contains(-1) ? count.isMultiple(of: known) : count == known
        guard isPossible else {
            throw SpecError(
                targetPointer,
                "\(target) takes \(target.contains(-1) ? "a multiple of \(known)" : "\(known)") numbers, but a row of "
                    + "\(name)'s input has the shape \(input), which is \(count)")
        }
        return LayerPlan(target.map { $0 == -1 ? count / known : $0 })
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let count = x.shape.dimensions.dropFirst().saturatedProduct
        let known = max(1, target.filter { $0 != -1 }.saturatedProduct)
        return x.reshape(to: [x.shape[0]] + target.map { $0 == -1 ? count / known : $0 })
    }
}

/// A row's axes in another order (Keras: `Permute`).
struct PermuteLayer: UnaryLayer {
    static let className = "Permute"
    let common: LayerHeader
    /// Counted from 1.
    private let dims: [Int]
    private let dimsPointer: JSONPointer

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        dimsPointer = reader.pointer(to: "dims")
        guard let dims = reader.ints("dims", required: true, in: 1...8, count: 1...8) else { return nil }
        self.dims = dims
        if dims.sorted() != Array(1...dims.count) {
            reader.fault("dims", "must name each axis of a row once, from 1 to \(dims.count), not \(dims)")
            return nil
        }
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        guard input.count == dims.count else {
            throw SpecError(
                dimsPointer,
                "\(dims) is an order of \(dims.count) axes, but a row of \(name)'s input has the shape \(input)")
        }
        return LayerPlan(dims.map { input[$0 - 1] })
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor { x.transposed([0] + dims) }
}

/// A row several times behind itself, as steps of time (Keras: `RepeatVector`).
struct RepeatVectorLayer: UnaryLayer {
    static let className = "RepeatVector"
    let common: LayerHeader
    private let times: Int

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        guard let times = reader.int("n", required: true, in: 1...SpecLimit.extent) else { return nil }
        self.times = times
    }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        guard input.count == 1 else {
            throw SpecError(
                pointer, "\(name) (RepeatVector) takes rows of one axis, but its rows have the shape \(input)")
        }
        return LayerPlan([times] + input)
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        x.expandDimensions(at: 1).broadcast(to: Shape([x.shape[0], times, x.shape[1]]))
    }
}
