import Formats

/// How long a device loop is: so many steps, or a time.
struct LoopLength {
    /// Nil where it is a time.
    let steps: Int?
    /// Nil where it is a number of steps.
    let seconds: Int?

    private static let field = "iterations_per_loop"
    private static let standard = 100
    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
    /// Ten years, as of all times.
    private static let mostSeconds = 315_360_000

    /// Reads a number, or a time as TensorFlow takes one: "30s", "5m", "1h". Where it is at fault, the default counts.
    init(_ reader: ObjectReader) {
        reader.note(Self.field, .value(["type": "string", "pattern": "^[0-9]+[smh]$"]))
        guard let text = reader.value(Self.field)?.string else {
            steps = reader.int(Self.field, default: Self.standard, in: 1...Int(Int32.max))
            seconds = nil
            canonical = JSON(steps ?? Self.standard)
            return
        }
        let read = Self.seconds(text)
        if read == nil {
            reader.fault(
                Self.field,
                "must be a number of steps, or a time from \"1s\" to \"\(Self.mostSeconds)s\", as \"30s\", \"5m\" or \"1h\", not "
                    + text.quotedForMessage)
        }
        steps = read == nil ? Self.standard : nil
        seconds = read
        canonical = .string(text)
    }

    private static func seconds(_ text: String) -> Int? {
        guard let unit = text.last.flatMap({ units[$0] }), text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
            let count = Int(text.dropLast()), count <= mostSeconds
        else { return nil }
        let seconds = count * unit
        return (1...mostSeconds).contains(seconds) ? seconds : nil
    }

    /// As it was written, or the default.
    let canonical: JSON
}
