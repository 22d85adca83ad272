package import Graph

/// How an elementwise op reads an operand that was stretched (`Op.broadcast`), without its being stretched in memory: for
/// each axis of the result, with neighbours joined where they are read alike, the elements of the operand from one to the
/// next.
package struct Stretch: Sendable, Hashable {
    /// Extents of the result, outermost first.
    package let extents: [Int]
    /// Elements of the operand from one to the next along them; 0 where it does not change.
    package let strides: [Int]

    /// The stretch of `source` to `shape`, of which it has the axes `dimensions`, in ascending order.
    package init(_ source: Shape, to shape: Shape, dimensions: [Int]) {
        var extents: [Int] = []
        var strides: [Int] = []
        let own = source.strides
        for axis in 0..<shape.rank where shape[axis] != 1 {
            let position = dimensions.firstIndex(of: axis)
            let stride = position.map { source[$0] == 1 ? 0 : own[$0] } ?? 0
            if let outer = strides.last, outer == stride.multiplied(saturating: shape[axis]) {
                extents[extents.count - 1] = extents[extents.count - 1].multiplied(saturating: shape[axis])
                strides[strides.count - 1] = stride
            } else {
                extents.append(shape[axis])
                strides.append(stride)
            }
        }
        self.extents = extents
        self.strides = strides
    }

    /// Where the loop over the result's elements is split, as those of the operand stop being a plain run: each the number of
    /// elements that lie within one step of an axis, innermost first.
    package var splits: [Int] {
        var splits: [Int] = []
        var within = 1
        for extent in extents.reversed().dropLast() {
            within = within.multiplied(saturating: extent)
            splits.append(within)
        }
        return splits
    }

    /// The elements of the operand between two elements of the result that lie `distance` apart, within one sample.
    package func stride(over distance: Int) -> Int {
        var within = 1
        for (extent, stride) in zip(extents, strides).reversed() {
            let beyond = within.multiplied(saturating: extent)
            if distance < beyond { return (distance / within).multiplied(saturating: stride) }
            within = beyond
        }
        return 0
    }
}

/// The loops that the ops of a fused group run in together: one over the elements of a sample, split where an operand of one
/// of them is stretched.
struct LoopNest: Sendable {
    /// Elements of a sample.
    let count: Int
    /// Elements within one step of each loop but the innermost, innermost first; each divides the next and the last `count`.
    private(set) var splits: [Int]

    /// Loops that are at most in a nest, that over the samples left out.
    private static let most = 3

    /// One loop over a sample of so many elements.
    init(count: Int) {
        self.count = count
        splits = []
    }

    /// The nest of a sample of so many elements, which operands split there; nil where that is too many loops.
    init?(count: Int, splits: [Int]) {
        self.init(count: count)
        guard join(splits) else { return nil }
    }

    /// Makes further splits; false, and nothing done, where they don't fit those that there are.
    mutating func join(_ more: [Int]) -> Bool {
        let all = Set(splits + more).filter { $0 > 1 && $0 < count }.sorted()
        guard all.count < LoopNest.most, zip(all, all.dropFirst() + [count]).allSatisfy({ $1 % $0 == 0 }) else {
            return false
        }
        splits = all
        return true
    }

    /// Elements from one step to the next of each loop, outermost first: the samples', then those within.
    var distances: [Int] { [count] + splits.reversed() + [1] }

    /// Steps of each loop within a sample, outermost first.
    var extents: [Int] { zip([count] + splits.reversed(), splits.reversed() + [1]).map { $0 / $1 } }
}
