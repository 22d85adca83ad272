/// Bytes that wait to be sent: sent by offset, never moved, and a large array is kept as it is instead of copied.
package struct OutputQueue {
    /// From this size on an array is a piece of its own.
    package static let large = 64 << 10

    private var pieces: [[UInt8]] = []
    /// The first of `pieces` that is not sent, and how much of it is.
    private var first = 0
    private var sent = 0
    /// Whether the last piece may be written to: it is small, and nobody else's.
    private var lastIsOpen = false
    /// How many bytes wait.
    package private(set) var count = 0

    /// Nothing waits.
    package init() {}

    /// Whether nothing waits.
    package var isEmpty: Bool { count == 0 }

    /// The first piece and the index of its first byte that waits; nil when nothing waits.
    package var next: (bytes: [UInt8], start: Int)? { count == 0 ? nil : (pieces[first], sent) }

    /// Adds bytes at the end.
    package mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        if bytes.count < Self.large { return write { $0.append(contentsOf: bytes) } }
        pieces.append(bytes)
        lastIsOpen = false
        count += bytes.count
    }

    /// Lets `body` add bytes at the end of an array.
    package mutating func write(_ body: (inout [UInt8]) -> Void) {
        if !lastIsOpen || pieces[pieces.count - 1].count >= Self.large {
            pieces.append([])
            lastIsOpen = true
        }
        let last = pieces.count - 1
        let before = pieces[last].count
        body(&pieces[last])
        count += pieces[last].count - before
    }

    /// The first so many bytes are sent.
    package mutating func drop(_ taken: Int) {
        var left = taken
        count -= taken
        if count == 0 {
            self = OutputQueue()
            return
        }
        while left > 0 {
            let rest = pieces[first].count - sent
            if left < rest {
                sent += left
                return
            }
            left -= rest
            pieces[first] = []
            first += 1
            sent = 0
        }
        if first >= 64, 2 * first >= pieces.count {
            pieces.removeFirst(first)
            first = 0
        }
    }
}
