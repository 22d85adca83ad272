import COneDNN

/// A matrix product of row-major matrices, [m,k]·[k,n] → [m,n], as oneDNN's sgemm or by a plain loop.
package struct MatrixProduct: Sendable, Hashable {
    /// True when the left matrix is stored [k,m].
    package let transposeLHS: Bool
    /// True when the right matrix is stored [n,k].
    package let transposeRHS: Bool

    /// A product with these sides transposed in storage.
    package init(transposeLHS: Bool, transposeRHS: Bool) {
        self.transposeLHS = transposeLHS
        self.transposeRHS = transposeRHS
    }

    /// Makes every product that the calling thread asks for run on that thread alone: lanes are the unit of work.
    package static func useCallingThreadOnly() { _ = tpud_onednn_use_calling_thread_only() }

    /// Floats of scratch memory with which a product in single precision, and any of fewer rows, runs at its full speed.
    package func scratchCount(m: Int, n: Int, k: Int) -> Int { PaddedProduct.scratchCount(self, m: m, n: n, k: k) }

    /// c = a·b in single precision; overwrites `c`. Sizes of 0 give zeros.
    ///
    /// - Parameters:
    ///   - adds: whether the product is added to what is in `c`.
    ///   - scratch: room for `scratchCount` floats; nil: none.
    /// - Throws: `kernelFailed` with oneDNN's status; `c` is then untouched.
    package func multiply(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, m: Int, n: Int,
        k: Int, adds: Bool = false, scratch: UnsafeMutablePointer<Float>? = nil
    ) throws(ExecutorError) {
        guard m > 0, n > 0 else { return }
        guard k > 0 else {
            if !adds { c.update(repeating: 0, count: m * n) }
            return
        }
        let whole = PaddedProduct.Part(
            left: a, right: b, leftRow: transposeLHS ? m : k, rightRow: transposeRHS ? k : n, result: c, columns: n,
            depth: k, adds: adds)
        guard let scratch else { return try call(whole, m: m, n: n) }
        try PaddedProduct(self, m: m, n: n, k: k).forEachPart(self, a, b, c, adds: adds, scratch: scratch) {
            (part) throws(ExecutorError) in
            try call(part, m: m, n: n)
        }
    }

    private func call(_ part: PaddedProduct.Part, m: Int, n: Int) throws(ExecutorError) {
        let status = dnnl_sgemm(
            letter(transposeLHS), letter(transposeRHS), Int64(m), Int64(part.columns), Int64(part.depth), 1, part.left,
            Int64(part.leftRow), part.right, Int64(part.rightRow), part.adds ? 1 : 0, part.result, Int64(n))
        guard status == dnnl_success else {
            throw ExecutorError(
                .kernelFailed,
                "dnnl_sgemm of [\(m),\(part.depth)]·[\(part.depth),\(part.columns)] ended with \(OneDNN.name(of: status))"
            )
        }
    }

    /// c = a·b in double precision, which oneDNN does not have, or c += a·b.
    package func multiply(
        _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, into c: UnsafeMutablePointer<Double>, m: Int, n: Int,
        k: Int, adds: Bool = false
    ) {
        if !adds { c.update(repeating: 0, count: m * n) }
        let (aRow, aStep) = transposeLHS ? (1, m) : (k, 1)
        for i in 0..<m {
            let out = c + i * n
            for p in 0..<k {
                let x = a[i * aRow + p * aStep]
                if transposeRHS {
                    for j in 0..<n { out[j] += x * b[j * k + p] }
                } else {
                    let row = b + p * n
                    for j in 0..<n { out[j] += x * row[j] }
                }
            }
        }
    }

    private func letter(_ transposed: Bool) -> CChar { CChar(UInt8(ascii: transposed ? "T" : "N")) }
}
