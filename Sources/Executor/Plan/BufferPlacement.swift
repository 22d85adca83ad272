import Graph

/// Where the buffers of a plan lie in one block of memory. Buffers that are in use in different regions share bytes.
package struct BufferPlacement: Sendable, Hashable {
    /// What is known of a buffer before it has an address.
    package struct Request: Sendable, Hashable {
        /// Its size; 0 for a buffer whose memory is another's, as an infeed element's.
        package let bytes: Int
        /// The first and the last region that use it; nil for one that keeps its contents from step to step.
        package let regions: ClosedRange<RegionID>?

        /// A buffer of these.
        package init(bytes: Int, regions: ClosedRange<RegionID>?) {
            self.bytes = bytes
            self.regions = regions
        }
    }

    /// By buffer: bytes from the start of the block, a multiple of 64; nil for buffers of no bytes.
    package let offsets: [Int?]
    /// Bytes of the block. Saturates: then nothing is to be allocated.
    package let bytes: Int

    /// Bytes of a cache line, on which every buffer starts.
    private static let line = 64

    /// Buffers that keep their contents come first, one behind the other; of the others the largest are placed first, each
    /// at the lowest address that is free in all of its regions.
    package init(_ requests: [Request]) {
        var offsets = [Int?](repeating: nil, count: requests.count)
        var end = 0
        var open: [(index: Int, bytes: Int, regions: ClosedRange<RegionID>)] = []
        for (index, request) in requests.enumerated() where request.bytes > 0 {
            let bytes = request.bytes.adding(saturating: BufferPlacement.line - 1) & -BufferPlacement.line
            if let regions = request.regions {
                open.append((index, bytes, regions))
            } else {
                offsets[index] = end
                end = end.adding(saturating: bytes)
            }
        }
        let first = end
        open.sort { ($1.bytes, $0.index) < ($0.bytes, $1.index) }
        /// What is placed, by address.
        var placed: [(regions: ClosedRange<RegionID>, start: Int, end: Int)] = []
        for buffer in open {
            var start = first
            for other in placed where other.regions.overlaps(buffer.regions) {
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
            placed.insert((buffer.regions, start, behind), at: low)
        }
        self.offsets = offsets
        bytes = end
    }
}
