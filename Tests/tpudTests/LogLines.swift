import Foundation
import Testing

/// The lines that a process writes, read by a thread of its own until the process ends.
// @unchecked: everything but the handle is behind the condition.
final class LogLines: @unchecked Sendable {
    private let handle: FileHandle
    private let condition = NSCondition()
    private var lines: [String] = []
    private var isEnded = false

    init(_ handle: FileHandle) { self.handle = handle }

    /// Begins to read. The thread keeps this object, and nothing else, alive.
    func start() { Thread { [self] in read() }.start() }

    private func read() {
        var rest: [UInt8] = []
        while true {
            let data = handle.availableData
            condition.lock()
            rest += data
            while let end = rest.firstIndex(of: 10) {
                lines.append(String(decoding: rest[..<end], as: UTF8.self))
                rest.removeSubrange(...end)
            }
            isEnded = data.isEmpty
            condition.broadcast()
            condition.unlock()
            if data.isEmpty { return }
        }
    }

    /// Waits for a line that contains `words`, at most 30 s.
    func wait(for words: String) throws -> String {
        let limit = Date(timeIntervalSinceNow: 30)
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let line = lines.first(where: { $0.contains(words) }) { return line }
            try #require(!isEnded, "it ended before it said '\(words)': \(lines)")
            try #require(condition.wait(until: limit), "it did not say '\(words)': \(lines)")
        }
    }

    /// All so far.
    var all: [String] {
        condition.lock()
        defer { condition.unlock() }
        return lines
    }
}
