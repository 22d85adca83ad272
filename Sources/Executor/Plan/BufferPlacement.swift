import Graph

/// Where the buffers of a plan lie in one block of memory. Buffers that are in use in different stages share bytes.
package struct BufferPlacement: Sendable, Hashable {
    /// What is known of a buffer before it has an address.
    package struct Request: Sendable, Hashable {
        /// Its size; 0 for a buffer whose memory is another's, as an infeed element's.
        package let bytes: Int
        /// The first and the last stage that use it; nil for one that keeps its contents from step to step.
        package let stages: ClosedRange<Int>?

        /// A buffer of these.
        package init(bytes: Int, stages: ClosedRange<Int>?) {
            self.bytes = bytes
            self.stages = stages
        }
    }

    /// Bytes from the start of the block, a multiple of 64; nil for buffers of no bytes.
    package let offsets: [Int?]
    /// Bytes of the block. Saturates: then nothing is to be allocated.
    package let bytes: Int

    /// Bytes of a cache line, on which every buffer starts.
    private static let line = 64

    /// Buffers that are kept come first, one behind the other; of the others the largest are placed first, each at the
    /// lowest address that is free in all of its stages.
    package init(_ requests: [Request]) {
        var offsets = [Int?](repeating: nil, count: requests.count)
        var end = 0
        var open: [(index: Int, bytes: Int, stages: ClosedRange<Int>)] = []
        for (index, request) in requests.enumerated() where request.bytes > 0 {
            let bytes = request.bytes.adding(saturating: BufferPlacement.line - 1) & -BufferPlacement.line
            if let stages = request.stages {
                open.append((index, bytes, stages))
            } else {
                offsets[index] = end
                end = end.adding(saturating: bytes)
            }
        }
        let first = end
        open.sort { ($1.bytes, $0.index) < ($0.bytes, $1.index) }
        /// What is placed, by address.
        var placed: [(stages: ClosedRange<Int>, start: Int, end: Int)] = []
        for buffer in open {
            var start = first
            for other in placed where other.stages.overlaps(buffer.stages) {
                if other.start >= start.adding(saturating: buffer.bytes) { break }
                start = max(start, other.end)
            }
            let behind = start.adding(saturating: buffer.bytes)
            offsets[buffer.index] = start
            end = max(end, behind)
            var (low, high) = (0, placed.count)
            while low < high {
                let middle = (low + high) / 2
                if placed[middle].start < start { low = middle + 1 } else { high = middle }
            }
            placed.insert((buffer.stages, start, behind), at: low)
        }
        self.offsets = offsets
        bytes = end
    }
}
