import Formats

/// Text in the columns of a terminal. What comes from elsewhere is shown as it is read: nothing in it moves the cursor.
enum CellText {
    /// The text in exactly so many columns: filled up, or cut with `…`.
    static func fit(_ text: String, _ columns: Int) -> String {
        let cut = cut(text, columns)
        return cut + String(repeating: " ", count: max(0, columns - width(cut)))
    }

    /// The text in so many columns at most.
    static func cut(_ text: String, _ columns: Int) -> String {
        let text = TerminalText.escaped(text)
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var kept = ""
        var used = 0
        for character in text {
            let more = width(String(character))
            guard used + more <= columns - 1 else { break }
            kept.append(character)
            used += more
        }
        return kept + "…"
    }

    /// The columns that a text takes.
    static func width(_ text: String) -> Int {
        // Nearly all of it is ASCII, a column each.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    /// The columns of a character, about as wcwidth(3) has them: none for marks, two for East Asian wide ones and pictures.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
