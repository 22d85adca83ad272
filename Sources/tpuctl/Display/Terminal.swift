import Formats
import Glibc

/// Standard output and standard error. What is said may come from elsewhere: nothing but lines and tabs gets through as a
/// control character.
enum Terminal {
    /// Whether standard error is a terminal that a progress bar may be drawn on.
    static var showsProgress: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal; 80 where that is not known.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes a line to standard output.
    static func say(_ line: String) { write(shown(line) + "\n", to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    static func complain(_ line: String) { note("tpuctl: \(line)") }

    /// Writes a line to standard error without the program's name before it.
    static func note(_ line: String) { write(shown(line) + "\n", to: STDERR_FILENO) }

    /// Draws over the line that was drawn last.
    static func redraw(_ line: String) { write("\r\u{1B}[K" + TerminalText.escaped(line), to: STDERR_FILENO) }

    /// Whether standard output is a terminal, which obeys what a log's bytes tell it.
    static var isShown: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes text to standard output as it is.
    static func show(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes bytes to standard output as they are.
    static func pass(_ bytes: UnsafeRawBufferPointer) { write(bytes, to: STDOUT_FILENO) }

    private static func shown(_ text: String) -> String { TerminalText.escaped(text, keepingLines: true) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                giveUp(errno, descriptor)
            }
        }
    }

    /// Ends the program where nothing more can be said. A reader that has seen enough (`tpuctl logs -f JOB | head`) is no
    /// error.
    private static func giveUp(_ reason: Int32, _ descriptor: Int32) -> Never {
        if reason == EPIPE { exit(ExitStatus.success.rawValue) }
        if descriptor == STDOUT_FILENO {
            complain("standard output can't be written: \(String(cString: strerror(reason)))")
        }
        exit(ExitStatus.unwritable.rawValue)
    }
}
