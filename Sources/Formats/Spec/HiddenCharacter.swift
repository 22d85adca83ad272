/// A character that must not be in a name: it is not seen, and changes how the text around it is shown.
///
/// These are control characters (Unicode's category Cc), line and paragraph separators (Zl, Zp) and the bidirectional
/// formatting characters (Unicode's property Bidi_Control: marks, embeddings, overrides, isolates).
package struct HiddenCharacter: Sendable, Hashable, CustomStringConvertible {
    /// The character.
    package let scalar: Unicode.Scalar

    /// The first such character of a text; nil when it has none.
    package init?(in text: String) {
        guard let found = text.unicodeScalars.first(where: HiddenCharacter.isHidden) else { return nil }
        scalar = found
    }

    /// Whether the character is one of them.
    package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        // Nearly all characters of nearly all names.
        if 0x20..<0x7F ~= scalar.value { return false }
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        case .format: return isBidirectional(scalar)
        default: return false
        }
    }

    private static func isBidirectional(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// "the control character U+001B", for the end of "must not hold …".
    package var description: String {
        let kind =
            switch scalar.properties.generalCategory {
            case .control: "control"
            case .format: "bidirectional"
            default: "separating"
            }
        return "the \(kind) character U+\(Hexadecimal.text(scalar.value, digits: 4, uppercase: true))"
    }
}

extension String {
    /// The string in quotes for a sentence, cut after 40 characters, with hidden characters as escapes.
    package var quotedForMessage: String {
        // A character may be made of any number of scalars: they are what is counted.
        let scalars = unicodeScalars
        let end = scalars.index(scalars.startIndex, offsetBy: 40, limitedBy: scalars.endIndex) ?? scalars.endIndex
        let isCut = end != scalars.endIndex
        let quoted = JSON.string(String(scalars[..<end]) + (isCut ? "…" : "")).text
        guard quoted.unicodeScalars.contains(where: HiddenCharacter.isHidden) else { return quoted }
        var shown = ""
        for scalar in quoted.unicodeScalars {
            if HiddenCharacter.isHidden(scalar) {
                shown += "\\u" + Hexadecimal.text(scalar.value, digits: 4)
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
