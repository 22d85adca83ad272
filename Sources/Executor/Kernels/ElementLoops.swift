import CKernels

/// Loops over [rows, n] elements with operands that stand still along an axis or run along it (`tpud_layout`). Plain
/// and for every element type; 32-bit floats have their own in CKernels.
enum ElementLoops {
    @inline(__always)
    static func map<A, Result>(
        _ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ la: tpud_layout, rows: Int, n: Int,
        _ f: (A) -> Result
    ) {
        let out = out.assumingMemoryBound(to: Result.self)
        let a = a.assumingMemoryBound(to: A.self)
        for i in 0..<rows {
            for j in 0..<n { out[i * n + j] = f(a[i * la.row + j * la.step]) }
        }
    }

    @inline(__always)
    static func map<A, B, Result>(
        _ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ la: tpud_layout, _ b: UnsafeRawPointer,
        _ lb: tpud_layout, rows: Int, n: Int, _ f: (A, B) -> Result
    ) {
        let out = out.assumingMemoryBound(to: Result.self)
        let a = a.assumingMemoryBound(to: A.self)
        let b = b.assumingMemoryBound(to: B.self)
        for i in 0..<rows {
            for j in 0..<n { out[i * n + j] = f(a[i * la.row + j * la.step], b[i * lb.row + j * lb.step]) }
        }
    }

    @inline(__always)
    static func select<Bits>(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>,
        _ layouts: UnsafePointer<tpud_layout>, rows: Int, n: Int, _: Bits.Type
    ) {
        let out = out.assumingMemoryBound(to: Bits.self)
        let p = operands[0].assumingMemoryBound(to: UInt8.self)
        let a = operands[1].assumingMemoryBound(to: Bits.self)
        let b = operands[2].assumingMemoryBound(to: Bits.self)
        for i in 0..<rows {
            for j in 0..<n {
                out[i * n + j] =
                    p[i * layouts[0].row + j * layouts[0].step] != 0
                    ? a[i * layouts[1].row + j * layouts[1].step] : b[i * layouts[2].row + j * layouts[2].step]
            }
        }
    }
}
