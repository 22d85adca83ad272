/// The line that shows how far a job is: `RUNNING [=====>    ] 300/500 loss 0.1200 103,987 examples/s 2 s left`.
struct ProgressBar {
    var state: String
    var step: Int
    var target: Int?
    var loss: Double?
    var examplesPerSecond: Double?
    var secondsLeft: Double?
    /// Why a queued job waits; shown in place of the bar.
    var waiting: String?

    /// The line, no longer than `columns`.
    func line(columns: Int) -> String {
        var words: [String] = []
        if let waiting { words.append(waiting) }
        if let target, target > 0, waiting == nil { words.append("\(step)/\(target)") }
        if let loss { words.append("loss \(ProgressBar.fixed(loss, digits: 4))") }
        if let rate = examplesPerSecond, rate > 0 { words.append("\(ProgressBar.grouped(rate)) examples/s") }
        if let left = secondsLeft { words.append("\(ProgressBar.duration(left)) left") }
        let tail = words.joined(separator: "  ")
        let room = columns - state.count - tail.count - 6
        guard let target, target > 0, waiting == nil, room >= 8 else {
            return String("\(state)  \(tail)".prefix(max(0, columns - 1)))
        }
        let width = min(room, 40)
        let done = min(width, width * step / target)
        let head = done < width ? ">" : ""
        let bar = String(repeating: "=", count: max(0, done - head.count)) + (done > 0 ? head : "")
        return "\(state) [\(bar)\(String(repeating: " ", count: width - bar.count))] \(tail)"
    }

    /// `1,234,567` of 1234567.8.
    static func grouped(_ value: Double) -> String {
        let digits = String(Int(min(value, 1e15)))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `0.1200` of 0.12, with so many digits behind the point.
    static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return sign + "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// `2 s`, `3 min 5 s`, `2 h 10 min`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e9).rounded(.up))
        return switch whole {
        case ..<60: "\(whole) s"
        case ..<3600: "\(whole / 60) min \(whole % 60) s"
        default: "\(whole / 3600) h \(whole % 3600 / 60) min"
        }
    }
}
