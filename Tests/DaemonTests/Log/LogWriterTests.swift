import Daemon
import Dispatch
import Glibc
import Testing

@Suite(.timeLimit(.minutes(10))) struct LogWriterTests {
    /// What a pipe holds until `count` bytes were read or its other end is closed.
    private func read(_ descriptor: CInt, _ count: Int) -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while text.count < count {
            let got = Glibc.read(descriptor, &buffer, buffer.count)
            guard got > 0 else { break }
            text += buffer[..<got]
        }
        return String(decoding: text, as: UTF8.self)
    }

    @Test func aPipeThatNobodyReadsCostsLinesAndNothingElse() throws {
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let writer = try LogWriter(descriptor: ends[1], capacity: 100_000)
        let line = String(repeating: "x", count: 99)
        for _ in 0..<10_000 { writer.write(line) }
        let dropped = writer.dropped
        // A pipe holds 64 KiB, what the thread has taken at most 100 KB, and so does the queue.
        #expect(dropped > 7_000)
        #expect(!writer.flush(within: .milliseconds(10)))
        let written = 10_000 - dropped
        let text = read(ends[0], written * 100)
        #expect(text.split(separator: "\n").filter { $0 == line }.count >= written - 1)
        // What is left fits into the pipe.
        writer.write("after")
        #expect(writer.flush(within: .seconds(30)))
        close(ends[1])
        let all = text + read(ends[0], .max)
        // Some may have been told before the rest was dropped.
        let told = all.split(separator: "\n").compactMap {
            $0.split(separator: " lines of the log").first.flatMap { Int($0) }
        }
        #expect(told.reduce(0, +) == dropped)
        #expect(all.hasSuffix("after\n") || all.contains("\nafter\n"))
        #expect(writer.dropped == dropped)
    }

    @Test func aBrokenPipeIsNoReasonToStop() throws {
        signal(SIGPIPE, SIG_IGN)
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let writer = try LogWriter(descriptor: ends[1])
        for _ in 0..<100 {
            writer.write("a")
            #expect(writer.flush(within: .seconds(30)))
        }
        #expect(writer.dropped == 0)
    }
}
