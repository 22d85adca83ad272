import API
import Formats
import Foundation
import Glibc
import Jobs
import Testing

/// `tpuctl top` on a terminal of its own.
@Suite(.timeLimit(.minutes(10))) struct ClientTopTests {
    private static let leaves = "\u{1B}[?25h\u{1B}[?1049l"

    private func top(_ url: String, columns: UInt16 = 80, rows: UInt16 = 24) throws -> PseudoTerminal {
        try PseudoTerminal(Binary.tpuctl, ["top", "--url", url], columns: columns, rows: rows)
    }

    /// No line is wider than the terminal, and there are as many as it has.
    private func expectFits(_ frame: PseudoTerminal.Frame, columns: Int, rows: Int) {
        #expect(frame.lines.count == rows, "\(frame.text)")
        for line in frame.lines { #expect(line.count <= columns, "\(line)") }
    }

    @Test func aJobIsFoundOpenedAndCancelled() throws {
        let daemon = try DaemonProcess(["--workers", "1"])
        let url = "http://127.0.0.1:\(daemon.port)"
        let id = try daemon.submit(Jobs.tiny(steps: 100_000_000, name: "endless"))
        for number in 1...30 { _ = try daemon.submit(Jobs.tiny(name: "waiting-\(number)")) }
        _ = try daemon.job(id) { $0["state"] == "RUNNING" && $0["progress"]?["loss"]?.isNull == false }
        let terminal = try top(url)
        let before = terminal.settings
        var frame = try terminal.frame("the running job is first") { $0.selected?.hasPrefix("endless") == true }
        expectFits(frame, columns: 80, rows: 24)
        #expect(frame.lines[0].contains("pod v2-8") && frame.lines[0].contains("1 running, 30 waiting"))
        #expect(frame.lines[1].hasPrefix("host 0 UP") && frame.lines[1].contains("[A.......]  A endless"))
        #expect(frame.lines[2].hasPrefix("NAME") && frame.lines[2].contains("STATE▼"))
        #expect(frame.lines[23].hasSuffix("q quit"))

        // Down to the last, which scrolls, and up again.
        terminal.press("G")
        frame = try terminal.frame("the last is selected") { $0.selected?.hasPrefix("waiting-1 ") == true }
        #expect(!frame.text.contains("endless  "))
        terminal.press("\u{1B}[A\u{1B}[A")
        try terminal.frame("two up") { $0.selected?.hasPrefix("waiting-3 ") == true }
        terminal.press("g\u{1B}[B")
        try terminal.frame("one down") { $0.selected?.hasPrefix("waiting-30") == true }

        // Sorted, reversed, filtered.
        terminal.press("ss")
        frame = try terminal.frame("by name") { $0.lines[2].contains("NAME▼") }
        #expect(frame.lines[3].hasPrefix("endless") && frame.lines[4].hasPrefix("waiting-1 "))
        terminal.press("r")
        frame = try terminal.frame("reversed") { $0.lines[2].contains("NAME▲") }
        #expect(frame.lines[3].hasPrefix("waiting-9"))
        terminal.press("/endx\u{7F}")
        frame = try terminal.frame("the filter is shown") { $0.lines[23] == "filter: end_" }
        #expect(frame.selected?.hasPrefix("endless") == true && !frame.text.contains("waiting-"))
        terminal.press("\r")
        try terminal.frame("the filter holds") { $0.lines[23].hasPrefix("filter: end  esc all") }

        // The job itself: its bar, its curve, its log.
        terminal.press("\r")
        frame = try terminal.frame("curve and log are there") {
            $0.lines.contains { $0.hasPrefix("loss  ") } && $0.text.contains("⠀")
        }
        expectFits(frame, columns: 80, rows: 24)
        #expect(frame.lines[1].contains(id) && frame.lines[2].hasPrefix("RUNNING") && frame.lines[23].hasPrefix("esc"))
        terminal.press("c")
        try terminal.frame("it asks") { $0.lines[23].hasPrefix("cancel endless?") }
        terminal.press("n")
        try terminal.frame("not cancelled") { $0.lines[23].hasPrefix("esc back") }
        #expect(try daemon.json("/v1/jobs/\(id)")["state"] == "RUNNING")
        terminal.press("cy")
        #expect(try daemon.final(id)["state"] == "CANCELLED")
        terminal.press("\u{1B}")
        frame = try terminal.frame("back in the list") {
            $0.lines[2].hasPrefix("NAME") && $0.text.contains("CANCELLED")
        }
        terminal.press("c")
        try terminal.frame("what has ended is not cancelled") { $0.lines[23].contains("has ended: CANCELLED") }
        terminal.press("h")
        try terminal.frame("the keys") { $0.text.contains("reverse the order") }
        terminal.press("xq")
        #expect(terminal.end() == 0)
        #expect(terminal.settings == before && terminal.text.hasSuffix(Self.leaves))
    }

    /// Whatever ends it, the terminal is as it was.
    @Test(arguments: [("q", 0, 0), ("\u{3}", 0, 130), ("", SIGTERM, 143), ("", SIGHUP, 129), ("", SIGINT, 130)])
    func theTerminalIsGivenBack(keys: String, signal: Int32, status: Int32) throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let terminal = try top("http://127.0.0.1:\(daemon.port)")
        let before = terminal.settings
        try terminal.frame("it is drawn") { $0.text.contains("no jobs") }
        #expect(terminal.settings != before && terminal.text.contains("\u{1B}[?1049h"))
        if signal != 0 { terminal.signal(signal) } else { terminal.press(keys) }
        #expect(terminal.end() == status)
        try until("all is read") { terminal.text.hasSuffix(Self.leaves) }
        #expect(terminal.settings == before)
    }

    @Test func itStopsAndGoesOn() throws {
        let daemon = try DaemonProcess(["--workers", "0"])
        let terminal = try top("http://127.0.0.1:\(daemon.port)")
        let before = terminal.settings
        try terminal.frame("it is drawn") { $0.text.contains("no jobs") }
        let raw = terminal.settings
        terminal.press("\u{1A}")
        try until("the terminal is given back") { terminal.text.hasSuffix(Self.leaves) && terminal.settings == before }
        terminal.signal(SIGCONT)
        try until("it has the terminal again") { terminal.settings == raw && !terminal.text.hasSuffix(Self.leaves) }
        terminal.press("q")
        #expect(terminal.end() == 0 && terminal.settings == before)
    }

    @Test(arguments: [(40, 10), (10, 3), (200, 60), (1, 1), (80, 4)])
    func everySizeIsDrawn(columns: UInt16, rows: UInt16) throws {
        let daemon = try DaemonProcess(["--workers", "0", "--pod", "v3-256"])
        for number in 1...5 { _ = try daemon.submit(Jobs.tiny(name: "日本語のとても長い名前 \(number)")) }
        let terminal = try top("http://127.0.0.1:\(daemon.port)")
        let frame = try terminal.frame("it is drawn") { $0.text.contains("日本語") && $0.text.contains("more hosts") }
        #expect(frame.lines.count == 24)
        terminal.resize(columns: columns, rows: rows)
        try terminal.frame("it is drawn anew") { frame in
            frame.lines.count == Int(rows)
                && frame.lines.allSatisfy { line in
                    // East Asian characters take two columns.
                    line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) } <= Int(columns)
                }
        }
        terminal.press("q")
        #expect(terminal.end() == 0)
    }

    @Test func withoutATerminalOrADaemonItSaysSo() throws {
        let piped = try Binary.run(Binary.tpuctl, ["top", "--url", "http://127.0.0.1:1"])
        #expect(piped.status == 2 && piped.output.contains("top needs a terminal"), "\(piped.output)")
        let terminal = try top("http://127.0.0.1:1")
        #expect(terminal.end() == 3)
        try until("it is told") { terminal.text.contains("cannot reach the server") }
        #expect(!terminal.text.contains("\u{1B}[?1049h"))
    }

    /// A daemon that is away for a while is waited for; what a server says commands no terminal.
    @Test func aDaemonThatGoesAwayIsTold() throws {
        let state = try DaemonProcess.StateFolder()
        var daemon: DaemonProcess? = try DaemonProcess(["--workers", "0"], state: state)
        let port = try #require(daemon).port
        let terminal = try top("http://127.0.0.1:\(port)")
        try terminal.frame("it is drawn") { $0.text.contains("no jobs") }
        daemon?.kill()
        try terminal.frame("it says so") { $0.lines[23].contains("cannot reach the server") }
        daemon = try DaemonProcess(["--workers", "0", "--listen", "127.0.0.1:\(port)"], state: state)
        _ = try daemon?.submit(Jobs.tiny(name: "there-again"))
        try terminal.frame("it goes on") { $0.text.contains("there-again") }
        terminal.press("q")
        #expect(terminal.end() == 0)
    }
}
