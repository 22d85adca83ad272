import Synchronization

/// oneDNN's primitives for each number of rows that a kernel meets, made when it is first met.
final class PrimitiveTable<Primitive: Sendable>: Sendable {
    private let known = Mutex<[Int: Primitive]>([:])

    /// The primitive for so many rows.
    func primitive(
        rows: Int, _ make: () throws(ExecutorError) -> Primitive
    ) throws(ExecutorError) -> Primitive {
        if let found = known.withLock({ $0[rows] }) { return found }
        let new = try make()
        return known.withLock { known in
            // Another lane may have been first.
            let kept = known[rows] ?? new
            known[rows] = kept
            return kept
        }
    }
}
