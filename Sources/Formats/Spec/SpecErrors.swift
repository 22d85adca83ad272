/// Where the readers of one document put what they find: the first hundred faults, and how many more there are. A
/// document of any size with any number of faults costs little to check and gets a short answer.
package final class SpecErrors {
    /// How many faults are kept.
    package static let limit = 100
    /// How many times the nearest known name is looked for.
    private static let hints = 10
    /// Bytes of a pointer and characters of the words that are kept.
    private static let longestPointer = 256
    private static let longestDetail = 1000

    /// The first faults in the order they were found, each once.
    package private(set) var all: [SpecError] = []
    /// How many were found after them.
    package private(set) var more = 0
    /// `errno` of each call that the system refused while a file was looked at. What was found then may be the machine's
    /// fault and not the document's.
    package private(set) var systemErrors: [Int32] = []
    /// Where readers say what they ask for; nil, as in every check: nowhere.
    private let notes: FieldNotes?
    private var seen: Set<SpecError> = []
    private var hintsLeft = SpecErrors.hints

    /// No faults yet.
    ///
    /// - Parameter notes: where readers say what they ask for; by default nowhere.
    package init(notes: FieldNotes? = nil) { self.notes = notes }

    /// Whether notes are taken.
    var isNoted: Bool { notes != nil }

    /// Takes a note of a field, where notes are taken.
    package func note(_ pointer: JSONPointer, _ kind: @autoclosure () -> FieldNotes.Kind) {
        guard let notes else { return }
        notes.add(pointer, kind())
    }

    /// Whether nothing was found.
    package var isEmpty: Bool { all.isEmpty }

    /// How many were found in all: a reader that found none leaves it as it was.
    package var count: Int { all.count + more }

    /// Whether further faults are only counted, so that their words need not be made.
    package var isFull: Bool { all.count >= Self.limit }

    /// Adds a fault unless the very same is there.
    package func add(_ fault: SpecError) {
        guard !isFull else { return addUntold() }
        let fault = Self.shortened(fault)
        if seen.insert(fault).inserted { all.append(fault) }
    }

    /// Adds a fault.
    package func add(_ pointer: JSONPointer, _ detail: String, code: String? = nil) {
        add(SpecError(pointer, detail, code: code))
    }

    /// Notes that the system refused calls.
    package func note(systemErrors codes: [Int32]) { systemErrors += codes }

    /// Adds faults that are not told, only counted; for use once ``isFull``.
    package func addUntold(_ count: Int = 1) { more += count }

    /// What `nearest` finds, for the first ten names that are asked for; nil for all others: it compares a name with
    /// all known ones.
    package func hint(_ nearest: () -> String?) -> String? {
        guard hintsLeft > 0 else { return nil }
        hintsLeft -= 1
        return nearest()
    }

    /// The fault with a pointer and words that fit an answer: names in a document may be of any length.
    private static func shortened(_ fault: SpecError) -> SpecError {
        var fault = fault
        if fault.detail.utf8.count > longestDetail {
            fault.detail = String(fault.detail.unicodeScalars.prefix(longestDetail)) + "…"
        }
        var size = fault.pointer.tokens.reduce(0) { $0 + $1.utf8.count + 1 }
        guard size > longestPointer else { return fault }
        var tokens = fault.pointer.tokens
        var last = ""
        while size > longestPointer, let token = tokens.popLast() {
            size -= token.utf8.count + 1
            last = token
        }
        fault.pointer = JSONPointer(tokens: tokens)
        fault.detail = "(at \(last.quotedForMessage) in it) " + fault.detail
        return fault
    }
}
