import CKernels
import Graph

/// One elementwise op on operands of one element type, over [rows, n] elements.
struct Elementwise: Sendable {
    /// What is computed. Unlike an `Op` it holds no reference, so that a loop over many counts none.
    enum Function: Sendable, Hashable {
        case unary(UnaryOp)
        case binary(BinaryOp)
        case compare(Comparison)
        case logical(LogicalOp)
        case select
        case convert
    }

    /// What is computed.
    let function: Function
    /// Element type of the (last) operand.
    let operand: DType
    /// Element type of the result.
    let result: DType

    /// Nil for ops that are not elementwise.
    ///
    /// - Throws: `unsupported` for an op that the element type doesn't have.
    init?(_ node: Node, operands: [TensorType]) throws(ExecutorError) {
        let types = operands.map { Elementwise.computed($0.dtype, node.op) }
        switch node.op {
        case .unary(let op):
            let exists =
                if op == .not {
                    types[0] == .bool
                } else if op == .isFinite {
                    types[0].isFloating
                } else {
                    types[0].isInteger ? IntegerElements.unary(op) as ((Int64) -> Int64)? != nil : types[0] != .bool
                }
            guard exists else { throw ExecutorError(.unsupported, "no kernel for \(types[0])", at: node) }
            function = .unary(op)
        case .binary(let op):
            guard types[0] != .bool else { throw ExecutorError(.unsupported, "no kernel for bool", at: node) }
            function = .binary(op)
        case .compare(let op): function = .compare(op)
        case .logical(let op): function = .logical(op)
        case .select: function = .select
        case .convert: function = .convert
        case .infeed, .constant, .readVariable, .replicaIndex, .reshape, .assign, .dot, .convolution,
            .convolutionInputGradient, .convolutionFilterGradient, .crossReplicaSum, .iota, .randomUniform, .broadcast,
            .transpose, .slice, .pad, .concatenate, .reduce, .argMax, .softmax, .logSoftmax,
            .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient, .pool, .maxPoolGradient, .sumPoolGradient,
            .gather, .scatterAdd, .reverse, .cumulativeSum, .crossReplicaGroupSum:
            return nil
        }
        operand = types[types.count - 1]
        result = node.type.dtype
    }

    /// From bfloat16, as it is kept, to float32.
    static let widening = Elementwise(function: .convert, operand: .bfloat16, result: .float32)

    private init(function: Function, operand: DType, result: DType) {
        self.function = function
        self.operand = operand
        self.result = result
    }

    /// The element type that an op computes with where its operand is kept as `dtype`: what is kept in bfloat16 is float32.
    static func computed(_ dtype: DType, _ op: Op) -> DType {
        dtype == .bfloat16 && op.kind != .convert ? .float32 : dtype
    }

    /// out[i, j] = op(operands (i, j)); `out` is contiguous, operands lie as `layouts` say. An operand that lies as
    /// `out` does may be `out` itself, if its elements are of the same size.
    func apply(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>,
        _ layouts: UnsafePointer<tpud_layout>, rows: Int, n: Int
    ) {
        switch function {
        case .unary(let op): unary(op, out, operands[0], layouts[0], rows, n)
        case .binary(let op): binary(op, out, operands, layouts, rows, n)
        case .compare(let op): compare(op, out, operands, layouts, rows, n)
        case .logical(let op): logical(op, out, operands, layouts, rows, n)
        case .select: select(out, operands, layouts, rows, n)
        case .convert: Conversion(from: operand, to: result).apply(out, operands[0], layouts[0], rows: rows, n: n)
        }
    }

    private func unary(
        _ op: UnaryOp, _ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ la: tpud_layout, _ rows: Int, _ n: Int
    ) {
        switch operand {
        case .float32:
            guard let kernel = FloatElements.unary(op) else {
                ElementLoops.map(out, a, la, rows: rows, n: n) { (x: Float) in x.isFinite }
                return
            }
            if la.step == 1, la.row == n || rows == 1 {
                tpud_unary_f32(kernel, float(out), float(a), rows * n)
            } else {
                for i in 0..<rows { unaryRow(kernel, float(out) + i * n, float(a) + i * la.row, la.step, n) }
            }
        case .float64:
            guard let f = DoubleElements.unary(op) else {
                ElementLoops.map(out, a, la, rows: rows, n: n) { (x: Double) in x.isFinite }
                return
            }
            ElementLoops.map(out, a, la, rows: rows, n: n, f)
        case .bool: ElementLoops.map(out, a, la, rows: rows, n: n) { (x: UInt8) -> UInt8 in x == 0 ? 1 : 0 }
        case .uint8: integer(op, UInt8.self, out, a, la, rows, n)
        case .int8: integer(op, Int8.self, out, a, la, rows, n)
        case .uint16: integer(op, UInt16.self, out, a, la, rows, n)
        case .int16: integer(op, Int16.self, out, a, la, rows, n)
        case .int32: integer(op, Int32.self, out, a, la, rows, n)
        case .int64: integer(op, Int64.self, out, a, la, rows, n)
        case .bfloat16: preconditionFailure("bfloat16 is widened before it is computed with")
        }
    }

    private func unaryRow(
        _ kernel: tpud_unary, _ out: UnsafeMutablePointer<Float>, _ a: UnsafePointer<Float>, _ step: Int, _ n: Int
    ) {
        guard n > 0 else { return }
        if step == 1 {
            tpud_unary_f32(kernel, out, a, n)
        } else {
            tpud_unary_f32(kernel, out, a, 1)
            (out + 1).update(repeating: out[0], count: n - 1)
        }
    }

    private func integer<T: FixedWidthInteger>(
        _ op: UnaryOp, _: T.Type, _ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ la: tpud_layout,
        _ rows: Int, _ n: Int
    ) {
        guard let f: (T) -> T = IntegerElements.unary(op) else { return }
        ElementLoops.map(out, a, la, rows: rows, n: n, f)
    }

    private func float(_ pointer: UnsafeRawPointer) -> UnsafePointer<Float> {
        pointer.assumingMemoryBound(to: Float.self)
    }

    private func float(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
        pointer.assumingMemoryBound(to: Float.self)
    }
}

extension Elementwise {
    private typealias Operands = UnsafePointer<UnsafeRawPointer>
    private typealias Layouts = UnsafePointer<tpud_layout>

    private func binary(
        _ op: BinaryOp, _ out: UnsafeMutableRawPointer, _ x: Operands, _ l: Layouts, _ rows: Int, _ n: Int
    ) {
        switch operand {
        case .float32:
            tpud_binary_f32(FloatElements.binary(op), float(out), float(x[0]), l[0], float(x[1]), l[1], rows, n)
        case .float64:
            ElementLoops.map(out, x[0], l[0], x[1], l[1], rows: rows, n: n, DoubleElements.binary(op))
        case .uint8, .bool: integer(op, UInt8.self, out, x, l, rows, n)
        case .int8: integer(op, Int8.self, out, x, l, rows, n)
        case .uint16: integer(op, UInt16.self, out, x, l, rows, n)
        case .int16: integer(op, Int16.self, out, x, l, rows, n)
        case .int32: integer(op, Int32.self, out, x, l, rows, n)
        case .int64: integer(op, Int64.self, out, x, l, rows, n)
        case .bfloat16: preconditionFailure("bfloat16 is widened before it is computed with")
        }
    }

    private func integer<T: FixedWidthInteger>(
        _ op: BinaryOp, _: T.Type, _ out: UnsafeMutableRawPointer, _ x: Operands, _ l: Layouts, _ rows: Int, _ n: Int
    ) {
        let f: (T, T) -> T = IntegerElements.binary(op)
        ElementLoops.map(out, x[0], l[0], x[1], l[1], rows: rows, n: n, f)
    }

    private func compare(
        _ op: Comparison, _ out: UnsafeMutableRawPointer, _ x: Operands, _ l: Layouts, _ rows: Int, _ n: Int
    ) {
        switch operand {
        case .float32:
            tpud_compare_f32(
                FloatElements.compare(op), out.assumingMemoryBound(to: UInt8.self), float(x[0]), l[0], float(x[1]),
                l[1], rows, n)
        case .float64: compared(op, Double.self, out, x, l, rows, n)
        case .uint8, .bool: compared(op, UInt8.self, out, x, l, rows, n)
        case .int8: compared(op, Int8.self, out, x, l, rows, n)
        case .uint16: compared(op, UInt16.self, out, x, l, rows, n)
        case .int16: compared(op, Int16.self, out, x, l, rows, n)
        case .int32: compared(op, Int32.self, out, x, l, rows, n)
        case .int64: compared(op, Int64.self, out, x, l, rows, n)
        case .bfloat16: preconditionFailure("bfloat16 is widened before it is computed with")
        }
    }

    private func compared<T: Comparable>(
        _ op: Comparison, _: T.Type, _ out: UnsafeMutableRawPointer, _ x: Operands, _ l: Layouts, _ rows: Int, _ n: Int
    ) {
        let f: (T, T) -> Bool =
            switch op {
            case .equal: { $0 == $1 }
            case .notEqual: { $0 != $1 }
            case .less: { $0 < $1 }
            case .lessOrEqual: { $0 <= $1 }
            case .greater: { $0 > $1 }
            case .greaterOrEqual: { $0 >= $1 }
            }
        ElementLoops.map(out, x[0], l[0], x[1], l[1], rows: rows, n: n, f)
    }

    private func logical(
        _ op: LogicalOp, _ out: UnsafeMutableRawPointer, _ x: Operands, _ l: Layouts, _ rows: Int, _ n: Int
    ) {
        let f: (UInt8, UInt8) -> UInt8 =
            switch op {
            case .and: { $0 & $1 }
            case .or: { $0 | $1 }
            case .xor: { $0 ^ $1 }
            }
        ElementLoops.map(out, x[0], l[0], x[1], l[1], rows: rows, n: n, f)
    }

    private func select(_ out: UnsafeMutableRawPointer, _ x: Operands, _ l: Layouts, _ rows: Int, _ n: Int) {
        switch result.size {
        case 1: ElementLoops.select(out, x, l, rows: rows, n: n, UInt8.self)
        case 2: ElementLoops.select(out, x, l, rows: rows, n: n, UInt16.self)
        case 4:
            tpud_select_f32(
                float(out), x[0].assumingMemoryBound(to: UInt8.self), l[0], float(x[1]), l[1], float(x[2]), l[2], rows,
                n)
        default: ElementLoops.select(out, x, l, rows: rows, n: n, UInt64.self)
        }
    }
}
