import Executor
import Graph

/// Gives the tuples of an infeed: what input functions return is taken from its iterators, put into the recorded order and
/// split along each element's axis of the batch.
///
/// A tuple's element comes part by part, one part a core: along the first axis that is the batch as it is, along another the parts
/// are gathered from it.
// @unchecked: an iterator is used by one thread at a time.
final class TupleIterator: InputIterator, @unchecked Sendable {
    /// Batches of one iterator, and where their elements go; nil: the tuple has no such element.
    private struct Source {
        let batches: InputBatches
        var places: [Int?]
        let staging: [UnsafeMutableRawBufferPointer]
    }

    private let axes: [Int]
    private let shards: Int
    private var skipped: Int
    private let sources: [Source]

    /// Tuples of these tensors, of which so many are left out first.
    ///
    /// - Parameters:
    ///   - axes: each tensor's axis of the batch.
    ///   - shards: parts that a batch is split into.
    init(_ tensors: [InputTensor], axes: [Int], shards: Int, skipping: Int) {
        self.axes = axes
        self.shards = shards
        skipped = skipping
        var sources: [Source] = []
        for (place, tensor) in tensors.enumerated() {
            let index =
                sources.firstIndex { $0.batches === tensor.batches }
                ?? {
                    sources.append(
                        Source(
                            batches: tensor.batches, places: [Int?](repeating: nil, count: tensor.batches.types.count),
                            staging: tensor.batches.types.map { .allocate(byteCount: $0.byteCount, alignment: 64) }))
                    return sources.count - 1
                }()
            sources[index].places[tensor.element] = place
        }
        self.sources = sources
    }

    deinit { for source in sources { for buffer in source.staging { buffer.deallocate() } } }

    /// Tuples of these tensors; where one iterator gives them as they are wanted, that iterator itself.
    static func of(_ tensors: [InputTensor], axes: [Int], shards: Int, skipping: Int) -> any InputIterator {
        if skipping == 0, axes.allSatisfy({ $0 == 0 }), let batches = tensors.first?.batches,
            tensors.map(\.element) == Array(batches.types.indices), tensors.allSatisfy({ $0.batches === batches })
        {
            return batches.iterator
        }
        return TupleIterator(tensors, axes: axes, shards: shards, skipping: skipping)
    }

    func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        while skipped > 0 {
            skipped -= 1
            if try fill() == nil { return nil }
        }
        guard let rows = try fill() else { return nil }
        for source in sources {
            for (index, place) in source.places.enumerated() {
                guard let place else { continue }
                scatter(source.staging[index], source.batches.types[index], axes[place], into: elements[place])
            }
        }
        return rows
    }

    /// The rows of the shortest batch; nil at the end of any.
    private func fill() throws -> Int? {
        var rows = Int.max
        for source in sources {
            guard let given = try source.batches.iterator.next(into: source.staging) else { return nil }
            rows = min(rows, given)
        }
        return rows
    }

    private func scatter(
        _ batch: UnsafeMutableRawBufferPointer, _ type: TensorType, _ axis: Int,
        into target: UnsafeMutableRawBufferPointer
    ) {
        if axis == 0 || shards == 1 {
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: batch[0..<min(batch.count, target.count)]))
            return
        }
        let dimensions = type.shape.dimensions
        let outer = Shape(Array(dimensions[..<axis])).count
        let run = type.byteCount / (outer * shards)
        for shard in 0..<shards {
            for row in 0..<outer {
                let from = (row * shards + shard) * run
                let to = (shard * outer + row) * run
                UnsafeMutableRawBufferPointer(rebasing: target[to..<(to + run)]).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: batch[from..<(from + run)]))
            }
        }
    }
}
