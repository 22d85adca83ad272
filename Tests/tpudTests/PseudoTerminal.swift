import Foundation
import Glibc
import Synchronization
import Testing

/// A program on a terminal of its own (pty(7)), and what it draws there.
// @unchecked: the process is started once; what the thread reads is behind a mutex.
final class PseudoTerminal: @unchecked Sendable {
    /// What a frame of the full-screen view shows.
    struct Frame {
        var lines: [String]
        /// The line that is shown reversed.
        var selected: String?

        var text: String { lines.joined(separator: "\n") }
    }

    private let master: Int32
    /// The program's end, kept open so that its settings can be looked at when the program has ended.
    private let slave: Int32
    private let process = Process()
    private let output = Mutex<[UInt8]>([])

    /// Starts a program on a terminal of this size.
    init(
        _ program: String, _ arguments: [String], columns: UInt16 = 80, rows: UInt16 = 24,
        environment: [String: String] = [:]
    ) throws {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        self.master = master
        // What unlockpt(3) and ptsname(3) do, which Swift's Glibc does not show: TIOCSPTLCK and TIOCGPTN.
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        guard master >= 0, ioctl(master, 0x4004_5431, &isLocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        resize(columns: columns, rows: rows, tells: false)
        let end = FileHandle(fileDescriptor: dup(slave), closeOnDealloc: true)
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("TPUD_") }
            .merging(["HOME": "/nonexistent"]) { $1 }.merging(environment) { $1 }
        process.standardInput = end
        process.standardOutput = end
        process.standardError = end
        try process.run()
        Thread.detachNewThread { [self] in read() }
    }

    deinit {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
        close(slave)
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(master, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            output.withLock { $0 += buffer[..<count] }
        }
    }

    /// All that was written.
    var text: String { output.withLock { String(decoding: $0, as: UTF8.self) } }

    /// The settings of the terminal that programs change: how keys come, and how lines go.
    var settings: [UInt32] {
        var settings = termios()
        tcgetattr(slave, &settings)
        return [settings.c_iflag, settings.c_oflag, settings.c_lflag, settings.c_cflag]
    }

    func press(_ keys: String) {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
    }

    func signal(_ number: Int32) { Glibc.kill(process.processIdentifier, number) }

    func resize(columns: UInt16, rows: UInt16, tells: Bool = true) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        if tells { signal(SIGWINCH) }
    }

    /// The end of the program: its exit status.
    func end() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    // MARK: Frames

    /// The frame that was drawn last, whole.
    var frame: Frame? {
        let parts = text.components(separatedBy: "\u{1B}[H")
        guard let last = parts.dropFirst().last(where: { $0.contains("\u{1B}[J") }) else { return nil }
        let whole = last.components(separatedBy: "\u{1B}[J")[0]
        let lines = whole.components(separatedBy: "\r\n")
        let plain = lines.map { $0.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "") }
        let selected = zip(lines, plain).first { $0.0.contains("\u{1B}[7m") }?.1
        return Frame(lines: plain, selected: selected)
    }

    /// The first frame for which something holds.
    @discardableResult
    func frame(_ what: String, _ condition: (Frame) -> Bool) throws -> Frame {
        var found: Frame?
        try until(what + ": " + (frame?.text ?? "nothing")) {
            found = frame.flatMap { condition($0) ? $0 : nil }
            return found != nil
        }
        return try #require(found)
    }
}
