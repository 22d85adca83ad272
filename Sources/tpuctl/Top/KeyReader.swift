/// A key that was pressed.
enum Key: Hashable {
    case up, down, pageUp, pageDown, home, end
    case enter, escape, backspace
    case interrupt, suspend
    case text(Character)
}

/// Makes keys of the bytes that a terminal sends: ECMA-48's sequences for the keys that have no character, UTF-8 for the rest.
struct KeyReader {
    private var rest: [UInt8] = []

    /// The keys of what has come by now. An escape that nothing follows is the key itself: a terminal sends a sequence at once.
    mutating func keys(_ bytes: some Sequence<UInt8>) -> [Key] {
        rest.append(contentsOf: bytes)
        var keys: [Key] = []
        while let first = rest.first {
            if first == 0x1B {
                keys += escape()
            } else if first < 0x20 || first == 0x7F {
                rest.removeFirst()
                keys += control(first)
            } else {
                let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
                guard rest.count >= length else { break }
                let text = String(decoding: rest[..<length], as: UTF8.self)
                rest.removeFirst(length)
                keys += text.map { .text($0) }
            }
        }
        return keys
    }

    private func control(_ byte: UInt8) -> [Key] {
        switch byte {
        case 0x03: [.interrupt]
        case 0x1A: [.suspend]
        case 0x0A, 0x0D: [.enter]
        case 0x08, 0x7F: [.backspace]
        default: []
        }
    }

    /// Takes a sequence that begins with an escape.
    private mutating func escape() -> [Key] {
        guard rest.count > 1, rest[1] == UInt8(ascii: "[") || rest[1] == UInt8(ascii: "O") else {
            rest.removeFirst()
            return [.escape]
        }
        // Parameters and intermediates, then the byte that ends it.
        guard let end = rest[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            rest.removeAll()
            return []
        }
        let body = String(decoding: rest[2...end], as: UTF8.self)
        rest.removeFirst(end + 1)
        return switch body {
        case "A": [.up]
        case "B": [.down]
        case "H", "1~", "7~": [.home]
        case "F", "4~", "8~": [.end]
        case "5~": [.pageUp]
        case "6~": [.pageDown]
        default: []
        }
    }
}
