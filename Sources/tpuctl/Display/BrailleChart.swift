/// A curve in Braille patterns, two dots wide and four high to a character (Unicode, block U+2800).
///
/// ```text
/// loss  0.1357 at step 501, from 0.1357 to 2.4
///    2.4 ⠑⠤⢄⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀
///        ⠀⠀⠀⠉⠑⠢⠤⣀⣀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀
/// 0.1357 ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠉⠑⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
///        1                             501
/// ```
struct BrailleChart {
    /// What is drawn.
    let title: String
    /// Steps, rising, and values; one that is nil or not finite leaves a gap.
    let points: [(step: Int, value: Double?)]

    /// The picture, no wider than `columns`; its curve is `lines` high.
    func drawn(columns: Int, lines: Int) -> String {
        let known = points.compactMap { point in
            point.value.flatMap { $0.isFinite ? (step: point.step, value: $0) : nil }
        }
        guard let last = known.last, let first = known.first,
            let low = known.map(\.value).min(), let high = known.map(\.value).max()
        else { return "\(title)  no finite number" }
        let labels = (high: Numbers.general(high), low: Numbers.general(low))
        let margin = max(labels.high.count, labels.low.count)
        var canvas = Canvas(columns: max(1, columns - margin - 1), lines: lines)
        let across = Scale(from: Double(first.step), to: Double(last.step), dots: canvas.width)
        let up = Scale(from: low, to: high, dots: canvas.height)
        var before: (x: Int, y: Int)?
        for point in points {
            guard let value = point.value, value.isFinite else {
                before = nil
                continue
            }
            let dot = (x: across.dot(Double(point.step)), y: canvas.height - 1 - up.dot(value))
            canvas.draw(from: before ?? dot, to: dot)
            before = dot
        }
        let heading =
            "\(title)  \(Numbers.general(last.value)) at step \(last.step), from \(labels.low) to \(labels.high)"
        let rows = canvas.text.enumerated().map { line, dots in
            let label = line == 0 ? labels.high : line == lines - 1 ? labels.low : ""
            return String(repeating: " ", count: margin - label.count) + label + " " + dots
        }
        return ([heading] + rows + [axis(first.step, last.step, margin: margin, width: canvas.columns)])
            .joined(separator: "\n")
    }

    private func axis(_ first: Int, _ last: Int, margin: Int, width: Int) -> String {
        let (left, right) = ("\(first)", "\(last)")
        let gap = width - left.count - right.count
        let steps = first == last || gap < 1 ? left : left + String(repeating: " ", count: gap) + right
        return String(repeating: " ", count: margin + 1) + steps
    }
}

/// Numbers to dots: the least to 0, the largest to the last.
private struct Scale {
    let from: Double
    let to: Double
    let dots: Int

    func dot(_ value: Double) -> Int {
        guard to > from else { return 0 }
        // Halves, as the difference of two large numbers may not be finite.
        let part = (value / 2 - from / 2) / (to / 2 - from / 2)
        return min(dots - 1, max(0, Int((part * Double(dots - 1)).rounded())))
    }
}

/// Dots that are set or not.
private struct Canvas {
    let columns: Int
    let lines: Int
    private var patterns: [UInt8]

    init(columns: Int, lines: Int) {
        self.columns = columns
        self.lines = lines
        patterns = [UInt8](repeating: 0, count: columns * lines)
    }

    var width: Int { 2 * columns }
    var height: Int { 4 * lines }

    /// The bits of a character's dots, column by column from the top.
    private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

    /// Sets the dots of a straight line.
    mutating func draw(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
        let count = max(1, abs(end.x - start.x), abs(end.y - start.y))
        for step in 0...count {
            let part = Double(step) / Double(count)
            let x = Int((Double(start.x) + part * Double(end.x - start.x)).rounded())
            let y = Int((Double(start.y) + part * Double(end.y - start.y)).rounded())
            patterns[y / 4 * columns + x / 2] |= Self.bits[x % 2][y % 4]
        }
    }

    /// A string a line.
    var text: [String] {
        (0..<lines).map { line in
            var characters = String.UnicodeScalarView()
            for pattern in patterns[(line * columns)..<((line + 1) * columns)] {
                if let scalar = Unicode.Scalar(0x2800 + UInt32(pattern)) { characters.append(scalar) }
            }
            return String(characters)
        }
    }
}
