/// The connections that wait for a request, the one that has waited longest first. Named by their descriptors; adding,
/// taking out and asking for the oldest cost the same whatever their number.
package struct IdleList {
    private struct Link {
        var previous: Int32
        var next: Int32
        var isMember = false
    }

    private static let none: Int32 = -1

    private var links: [Link] = []
    private var first = none
    private var last = none
    /// How many wait.
    package private(set) var count = 0

    /// An empty list.
    package init() {}

    /// The one that has waited longest; nil when none waits.
    package var oldest: Int? { first == Self.none ? nil : Int(first) }

    /// The one that began to wait right after `descriptor`, which is in the list.
    package func next(after descriptor: Int) -> Int? {
        let next = links[descriptor].next
        return next == Self.none ? nil : Int(next)
    }

    /// Whether it is in the list.
    package func contains(_ descriptor: Int) -> Bool { descriptor < links.count && links[descriptor].isMember }

    /// Adds one as the newest; one that is there already stays where it is.
    package mutating func append(_ descriptor: Int) {
        if descriptor >= links.count {
            let empty = Link(previous: Self.none, next: Self.none)
            links.append(contentsOf: repeatElement(empty, count: max(64, 2 * descriptor) - links.count))
        }
        guard !links[descriptor].isMember else { return }
        links[descriptor] = Link(previous: last, next: Self.none, isMember: true)
        if last == Self.none { first = Int32(descriptor) } else { links[Int(last)].next = Int32(descriptor) }
        last = Int32(descriptor)
        count += 1
    }

    /// Takes one out; nothing happens when it is not there.
    package mutating func remove(_ descriptor: Int) {
        guard contains(descriptor) else { return }
        let link = links[descriptor]
        if link.previous == Self.none { first = link.next } else { links[Int(link.previous)].next = link.next }
        if link.next == Self.none { last = link.previous } else { links[Int(link.next)].previous = link.previous }
        links[descriptor].isMember = false
        count -= 1
    }
}
