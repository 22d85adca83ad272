import Glibc
import Synchronization

/// The terminal while the full-screen view has it: keys come one by one, and what was on the screen comes back at the end,
/// whatever ends the program.
enum RawTerminal {
    private static let saved = Mutex<termios?>(nil)
    private static let once: Void = { atexit { RawTerminal.leave() } }()

    /// Another screen, no cursor; and back.
    private static let begin = "\u{1B}[?1049h\u{1B}[?25l"
    private static let end = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    /// Takes the terminal over; false where there is none.
    static func enter() -> Bool {
        var present = termios()
        guard isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &present) == 0 else { return false }
        _ = once
        saved.withLock { $0 = present }
        var raw = present
        cfmakeraw(&raw)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return false }
        Terminal.show(begin)
        return true
    }

    /// Gives it back as it was; nothing where it was given back before. From anywhere.
    static func leave() {
        guard var present = saved.withLock({ $0.take() }) else { return }
        // What can't be written any more is a terminal that is gone: nobody is told, as this runs at the very end.
        _ = Array(end.utf8).withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &present)
    }

    /// Columns and lines; 80 and 24 where they are not known.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws all of the screen, in one write.
    static func draw(_ lines: [(text: String, style: TopScreen.Style)]) {
        var text = "\u{1B}[H"
        for (index, line) in lines.enumerated() {
            let style =
                switch line.style {
                case .plain: ""
                case .bold: "\u{1B}[1m"
                case .selected: "\u{1B}[7m"
                case .dim: "\u{1B}[2m"
                }
            text += style + line.text + (style.isEmpty ? "" : "\u{1B}[0m") + "\u{1B}[K"
            if index < lines.count - 1 { text += "\r\n" }
        }
        Terminal.show(text + "\u{1B}[J")
    }
}
