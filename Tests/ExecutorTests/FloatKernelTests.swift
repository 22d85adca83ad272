import CKernels
import Glibc
import Graph
import Testing

/// CKernels' polynomials and sums against libm in double precision.
struct FloatKernelTests {
    /// |result − exact| in units of the exact value's last place.
    private static func error(_ result: Float, _ exact: Double) -> Double {
        if exact.isNaN { return result.isNaN ? 0 : .infinity }
        let rounded = Float(exact)
        if rounded.isInfinite { return result == rounded ? 0 : .infinity }
        return abs(Double(result) - exact) / Double(max(rounded.magnitude.ulp, .leastNonzeroMagnitude))
    }

    private static let cases: [(name: String, op: tpud_unary, exact: @Sendable (Double) -> Double)] = [
        ("exp", TPUD_UNARY_EXP, { exp($0) }), ("log", TPUD_UNARY_LOG, { log($0) }),
        ("tanh", TPUD_UNARY_TANH, { tanh($0) }), ("erf", TPUD_UNARY_ERF, { erf($0) }),
        ("logistic", TPUD_UNARY_LOGISTIC, { 1 / (1 + exp(-$0)) }),
        ("sqrt", TPUD_UNARY_SQRT, { $0.squareRoot() }), ("rsqrt", TPUD_UNARY_RSQRT, { 1 / $0.squareRoot() }),
    ]

    @Test(arguments: cases.indices)
    func staysCloseOverTheWholeRange(place: Int) {
        let (name, op, exact) = Self.cases[place]
        // Every exponent and sign, with the infinities, NaN and subnormals.
        var inputs: [Float] = [0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
        for bits in stride(from: UInt32(0), to: UInt32.max - 40_009, by: 40_009) {
            inputs.append(Float(bitPattern: bits))
        }
        for step in 0..<40_000 { inputs.append(Float(step - 20_000) * 0.001) }
        var outputs = [Float](repeating: 0, count: inputs.count)
        tpud_unary_f32(op, &outputs, inputs, inputs.count)
        let worst = zip(inputs, outputs).map { (Self.error($1, exact(Double($0))), $0) }.max { $0.0 < $1.0 }
        #expect(worst.map { $0.0 <= 2.5 } == true, "\(name): \(String(describing: worst))")
    }

    /// Of all numbers that bfloat16 has, none is nearer, and of two as near ones it is the one with the even last bit.
    @Test func roundsToTheNearestBFloat16() {
        func isEven(_ number: Float) -> Bool { number.bitPattern >> 16 & 1 == 0 }
        var inputs: [Float] = []
        for bits in stride(from: UInt32(0), to: 0x7F7F_8000, by: 4_093) {
            inputs += [Float(bitPattern: bits), -Float(bitPattern: bits)]
        }
        // The middle between two neighbours, below an even and below an odd one.
        inputs += [Float(bitPattern: 0x3F80_8000), Float(bitPattern: 0x3F81_8000)]
        var outputs = [Float](repeating: 0, count: inputs.count)
        tpud_unary_f32(TPUD_UNARY_ROUND_TO_BFLOAT16, &outputs, inputs, inputs.count)
        for (input, output) in zip(inputs, outputs) {
            #expect(output.bitPattern & 0xFFFF == 0)
            let up = Float(bitPattern: output.bitPattern + 0x1_0000)
            let down = output == 0 ? -up : Float(bitPattern: output.bitPattern - 0x1_0000)
            let distance = abs(Double(output) - Double(input))
            for other in [up, down] where other.isFinite {
                let far = abs(Double(other) - Double(input))
                #expect(distance < far || distance == far && isEven(output), "\(input) became \(output)")
            }
        }
    }

    @Test func roundsPastTheLargestBFloat16() {
        let inputs: [Float] = [.infinity, -.infinity, .greatestFiniteMagnitude, Float(bitPattern: 0x7F7F_7FFF), .nan]
        var outputs = [Float](repeating: 0, count: inputs.count)
        tpud_unary_f32(TPUD_UNARY_ROUND_TO_BFLOAT16, &outputs, inputs, inputs.count)
        #expect(outputs.dropLast() == [.infinity, -.infinity, .infinity, Float(bitPattern: 0x7F7F_0000)])
        #expect(outputs[4].isNaN)
    }

    /// Over every bfloat16, and numbers between them, whatever the operand's layout.
    @Test func narrowsAndWidens() {
        let all = (0...UInt16.max).map { $0 }
        var wide = [Float](repeating: 0, count: all.count)
        tpud_widen_f32(&wide, all, tpud_layout(row: 0, step: 1), 1, all.count)
        #expect(zip(all, wide).allSatisfy { $1.bitPattern == UInt32($0) << 16 })
        var narrow = [UInt16](repeating: 0, count: all.count)
        tpud_narrow_f32(&narrow, wide, tpud_layout(row: 0, step: 1), 1, all.count)
        #expect(zip(all, narrow).allSatisfy { $0 == $1 || Float(brainBits: $0).isNaN && Float(brainBits: $1).isNaN })
        let between = stride(from: UInt32(0), to: UInt32.max - 40_009, by: 40_009).map { Float(bitPattern: $0) }
        narrow = [UInt16](repeating: 0, count: between.count)
        tpud_narrow_f32(&narrow, between, tpud_layout(row: 0, step: 1), 1, between.count)
        #expect(zip(between, narrow).allSatisfy { $0.brainBits == $1 })
        // Two rows of three: five apart, and standing still.
        narrow = [UInt16](repeating: 0, count: 6)
        let rows: [Float] = [1, 2, 3, 0, 0, 4, 5, 6]
        tpud_narrow_f32(&narrow, rows, tpud_layout(row: 5, step: 1), 2, 3)
        #expect(narrow.map { Float(brainBits: $0) } == [1, 2, 3, 4, 5, 6])
        var still = [Float](repeating: 0, count: 6)
        tpud_widen_f32(&still, narrow, tpud_layout(row: 3, step: 0), 2, 3)
        #expect(still == [1, 1, 1, 4, 4, 4])
    }

    @Test func aBlockGivesTheBitsOfSingleElements() {
        let inputs = (0..<1_037).map { Float($0 - 500) * 0.037 }
        for (_, op, _) in Self.cases {
            var block = [Float](repeating: 0, count: inputs.count)
            tpud_unary_f32(op, &block, inputs, inputs.count)
            let single = inputs.map { x in
                var (x, y) = (x, Float(0))
                tpud_unary_f32(op, &y, &x, 1)
                return y
            }
            #expect(zip(block, single).allSatisfy { $0.bitPattern == $1.bitPattern || $0.isNaN && $1.isNaN })
        }
    }

    @Test(arguments: [1, 2, 3, 7, 16, 17, 100, 1_025])
    func sumsRowsColumnsAndParts(n: Int) {
        let rows = 5
        let x = (0..<(rows * n)).map { Float(($0 * 7_919) % 101) / 8 - 6 }
        var sums = [Float](repeating: .nan, count: rows)
        var maxima = sums
        tpud_row_sum_f32(&sums, x, rows, n)
        tpud_row_max_f32(&maxima, x, rows, n)
        for row in 0..<rows {
            // Eighths below 2^21 add up without rounding, in any order.
            #expect(sums[row] == x[(row * n)..<((row + 1) * n)].reduce(0, +))
            #expect(maxima[row] == x[(row * n)..<((row + 1) * n)].max())
        }
        var columns = [Float](repeating: .nan, count: n)
        tpud_column_sum_f32(&columns, x, rows, n)
        for column in 0..<n { #expect(columns[column] == (0..<rows).reduce(0) { $0 + x[$1 * n + column] }) }
        // Eighths below 32 are numbers of bfloat16.
        tpud_column_sum_bf16(&columns, x.map(\.brainBits), rows, n)
        for column in 0..<n { #expect(columns[column] == (0..<rows).reduce(0) { $0 + x[$1 * n + column] }) }
        x.withUnsafeBufferPointer { x in
            for count in 1...rows {
                let parts: [UnsafePointer<Float>?] = (0..<count).map { part in x.baseAddress.map { $0 + part * n } }
                var merged = [Float](repeating: .nan, count: n)
                tpud_merge_f32(&merged, parts, count, 0, n)
                for column in 0..<n { #expect(merged[column] == (0..<count).reduce(0) { $0 + x[$1 * n + column] }) }
            }
        }
    }

    @Test func findsWhatIsNotFinite() {
        for place in 0..<40 {
            var x = [Float](repeating: .greatestFiniteMagnitude, count: 40)
            #expect(tpud_all_finite_f32(x, 40))
            for bad in [Float.nan, .infinity, -.infinity] {
                x[place] = bad
                #expect(!tpud_all_finite_f32(x, 40))
            }
        }
    }
}
