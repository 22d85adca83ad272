/// One node's computation with all that doesn't change from step to step decided when the program was planned.
///
/// A kernel of a value whose rows are independent works on any number of rows at a time: the extent of the first axis
/// is given with each call. Calls allocate nothing and may come from several threads at once.
protocol Kernel: Sendable {
    /// Bytes of scratch memory that a call on so many rows needs. Default 0.
    func scratchBytes(rows: Int) -> Int

    /// Writes the whole result for so many rows.
    ///
    /// - Parameters:
    ///   - out: contiguous, row-major.
    ///   - operands: one contiguous array an operand.
    ///   - rows: extent of the first axis of the operands that have rows; the planned extent elsewhere.
    ///   - scratch: the caller's own, of `scratchBytes`, aligned to cache lines; holds nothing from call to call.
    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError)
}

/// A kernel of a reduction over rows that can add what some rows give to what others gave.
protocol AddingKernel: Kernel {
    /// Adds the result for so many rows to what is in `out`; all else as ``Kernel/run(_:_:rows:scratch:)``.
    func add(
        to out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError)
}

extension Kernel {
    func scratchBytes(rows: Int) -> Int { 0 }
}
