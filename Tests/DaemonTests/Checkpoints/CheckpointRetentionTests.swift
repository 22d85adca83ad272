import Daemon
import Jobs
import Store
import Testing
import TestSupport

@Suite struct CheckpointRetentionTests {
    /// `10`, `20S` (only a stop caused it), `30D` (damaged), `40B` (one of the best), in that order.
    static func records(_ words: String) -> [StoredCheckpoint] {
        words.split(separator: " ").map { word in
            StoredCheckpoint(
                step: Int(word.prefix { $0.isNumber }) ?? 0, attempt: 1, createdAt: Timestamp(microseconds: 0),
                keptBecause: word.contains("S") ? "STOP" : word.contains("B") ? "BEST" : "INTERVAL",
                state: word.contains("D") ? .damaged : .good,
                files: [])
        }
    }

    @Test(
        arguments: [
            ("", 3, []),
            ("10", 1, []),
            ("10 20 30", 3, []),
            ("10 20 30 40", 3, [10]),
            ("10 20 30", 1, [10, 20]),
            ("10 20 30", nil, []),
            ("10 20 30", 0, []),
            // One that only a stop caused goes when there is a newer one, and never counts.
            ("10 20 25S", 2, []),
            ("10 20 25S 30", 3, [25]),
            ("10 15S 20 25S", 2, [15]),
            ("10S 20S", 0, [10]),
            ("5 10S", 1, []),
            // The best stay, and count where they are among the newest.
            ("10B 20 30 40", 1, [20, 30]),
            ("10B 20 30B 40", 2, [20]),
            ("10 20 30B", 1, [10, 20]),
            // Damaged ones don't count; one goes when enough good ones are newer.
            ("10 20 30D", 1, [10]),
            ("10 20D 30", 1, [10, 20]),
            ("10 20D 30", 2, []),
            ("10 20D", 1, []),
            ("10D 20D", 1, []),
        ] as [(String, Int?, [Int])]) func goes(recorded: String, limit: Int?, expected: [Int])
    {
        #expect(CheckpointRetention.surplus(of: Self.records(recorded), limit: limit) == expected)
        #expect(CheckpointRetention.surplus(of: Self.records(recorded).reversed(), limit: limit) == expected)
    }

    /// Whatever is recorded: the newest good one stays, and doing it twice does no more.
    @Test func theNewestGoodOneStays() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let words = (0..<Int.random(in: 0...8, using: &random)).map { place in
                "\(place * 10 + 10)" + (["", "", "S", "D", "B"].randomElement(using: &random) ?? "")
            }
            let records = Self.records(words.joined(separator: " "))
            let limit = [nil, 0, 1, 2, 5].randomElement(using: &random) ?? nil
            let surplus = CheckpointRetention.surplus(of: records, limit: limit)
            let left = records.filter { !surplus.contains($0.step) }
            let newest = records.last { $0.state == .good }?.step
            #expect(newest.map { !surplus.contains($0) } ?? surplus.isEmpty, "\(words) \(limit as Any), seed \(seed)")
            #expect(
                CheckpointRetention.surplus(of: left, limit: limit).isEmpty, "\(words) \(limit as Any), seed \(seed)")
        }
    }
}
