import API
import Jobs

/// The line that shows how far a job is: `RUNNING [=====>    ] 300/500  loss 0.12  103,987 examples/s  2 s left`.
struct ProgressLine {
    let job: JobView

    /// Without the bar, of any length.
    var text: String { ([job.state.rawValue] + words).joined(separator: "  ") }

    /// With the bar where there is room for it, no longer than `columns`.
    func drawn(columns: Int) -> String {
        let state = job.state.rawValue
        let tail = words.joined(separator: "  ")
        let room = columns - state.count - tail.count - 6
        guard let progress = job.progress, let target = progress.targetStep, target > 0, job.pending == nil, room >= 8
        else { return String(text.prefix(max(0, columns - 1))) }
        let width = min(room, 40)
        let done = min(width, Numbers.whole(Double(width) * Double(progress.globalStep) / Double(target)))
        let head = done < width ? ">" : ""
        let bar = String(repeating: "=", count: max(0, done - head.count)) + (done > 0 ? head : "")
        return "\(state) [\(bar)\(String(repeating: " ", count: width - bar.count))] \(tail)"
    }

    private var words: [String] {
        if let pending = job.pending { return ["\(pending.reason.rawValue), number \(pending.position) in the queue"] }
        guard let progress = job.progress else { return [] }
        var words = [progress.targetStep.map { "\(progress.globalStep)/\($0)" } ?? "step \(progress.globalStep)"]
        if let loss = progress.loss { words.append("loss \(Numbers.general(loss))") }
        if let rate = progress.examplesPerSecond, rate > 0 { words.append("\(Numbers.grouped(rate)) examples/s") }
        if let left = progress.etaSeconds { words.append("\(Numbers.duration(left)) left") }
        return words
    }
}
