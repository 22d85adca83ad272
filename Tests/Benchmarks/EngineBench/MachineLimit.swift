import Executor

/// The machine's own speed in single precision: a large product on every thread at once, each by the library that the
/// executor uses.
// @unchecked: each task writes the result of its own number alone.
final class MachineLimit: LaneTasks, @unchecked Sendable {
    private static let extent = 1_024
    private let pool: LanePool
    private let operands: [UnsafeMutablePointer<Float>]

    init(threads: Int) throws {
        pool = try LanePool(threads: threads) { MatrixProduct.useCallingThreadOnly() }
        operands = (0..<(threads * 3)).map { _ in
            let matrix = UnsafeMutablePointer<Float>.allocate(capacity: Self.extent * Self.extent)
            matrix.initialize(repeating: 0.5, count: Self.extent * Self.extent)
            return matrix
        }
        MatrixProduct.useCallingThreadOnly()
        _ = flopsPerSecond()
    }

    deinit { for operand in operands { operand.deallocate() } }

    /// Floating operations a second of all threads together.
    func flopsPerSecond() -> Double {
        let products = 4
        let start = MonotonicClock.nanoseconds()
        for _ in 0..<products { pool.run(self, region: RegionID(0), tasks: pool.threads) }
        let seconds = Double(MonotonicClock.nanoseconds() - start) * 1e-9
        let extent = Double(Self.extent)
        return Double(products * pool.threads) * 2 * extent * extent * extent / seconds
    }

    func perform(region: RegionID, task: Int, worker: Int) {
        let product = MatrixProduct(transposeLHS: false, transposeRHS: false)
        do throws(ExecutorError) {
            try product.multiply(
                operands[3 * task], operands[3 * task + 1], into: operands[3 * task + 2], m: Self.extent,
                n: Self.extent, k: Self.extent)
        } catch {
            preconditionFailure("the machine multiplies matrices: \(error)")
        }
    }
}
