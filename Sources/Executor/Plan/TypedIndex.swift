package import Graph

/// The number of one of a list, as a type of its own, so that the compiler tells a buffer's from a region's.
package protocol TypedIndex: Sendable, Hashable, Comparable {
    /// Its place in the list, from 0.
    var index: Int { get }

    /// The one at this place.
    init(_ index: Int)
}

extension TypedIndex {
    /// Earlier in the list.
    package static func < (a: Self, b: Self) -> Bool { a.index < b.index }

    /// The numbers of all elements of a list, in order.
    static func all<Element>(in list: [Element]) -> LazyMapSequence<Range<Int>, Self> {
        list.indices.lazy.map { Self($0) }
    }
}

/// A buffer of a plan.
struct BufferID: TypedIndex, CustomStringConvertible {
    let index: Int

    init(_ index: Int) { self.index = index }

    /// As `b12`.
    var description: String { "b\(index)" }
}

/// What runs between two meetings of the threads.
package struct RegionID: TypedIndex {
    /// Its place among a plan's regions, from 0.
    package let index: Int

    /// The region at this place.
    package init(_ index: Int) { self.index = index }
}

/// An instruction of a lowered graph.
struct InstructionID: TypedIndex {
    let index: Int

    init(_ index: Int) { self.index = index }
}

/// A node of the graph, by the value that it computes.
extension ValueID: TypedIndex {}

extension Array {
    /// The element of this number.
    @inline(__always)
    subscript(id: some TypedIndex) -> Element {
        get { self[id.index] }
        _modify { yield &self[id.index] }
    }
}
