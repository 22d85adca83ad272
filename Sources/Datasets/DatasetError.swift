package import Formats

/// Why an input can't be had: which part of its definition it belongs to, and words for its author.
package struct DatasetError: SystemCallError, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: String, Sendable {
        /// A path that is not a path under a data root, or a link that leads out of it.
        case outsideRoots
        /// No such file, or it may not be read.
        case unreadable
        /// The file is not what its format says: truncated, damaged, text where numbers belong.
        case invalidData
        /// Parts that do not fit one another: counts, shapes, types.
        case mismatch
        /// Past a limit.
        case tooLarge
        /// A part of the definition that makes no sense by itself.
        case invalidDefinition
        /// A saved position that is none of this input.
        case invalidPosition
    }

    /// What is wrong.
    package let code: Code
    /// The part of the input's definition, from the input's root: `/source/idx/features`.
    package let pointer: JSONPointer
    /// What is wrong, as a sentence without its full stop.
    package let detail: String
    /// What else is wrong with the same input.
    package private(set) var others: [DatasetError] = []

    /// `errno` of the call that the system refused; nil when none was.
    package let systemError: Int32?

    /// An error by its parts.
    package init(_ code: Code, _ pointer: JSONPointer, _ detail: String, systemError: Int32? = nil) {
        self.code = code
        self.pointer = pointer
        self.detail = detail
        self.systemError = systemError
    }

    /// Several errors as one: the first, with the others behind it. Nil where there are none.
    init?(_ errors: [DatasetError]) {
        guard let first = errors.first else { return nil }
        self = first
        others += errors.dropFirst().flatMap { [$0] + $0.others }
    }

    /// An error that a format found in the file asked for by `name`.
    package init(_ error: FormatError, of name: String, _ pointer: JSONPointer) {
        let code: Code =
            switch error.code {
            case .unreadable, .inputOutput: .unreadable
            case .tooLarge: .tooLarge
            default: .invalidData
            }
        self.init(code, pointer, "\(name): \(error.detail)", systemError: error.systemError)
    }

    /// The fault of a document whose member at `base` is the input.
    package func fault(at base: JSONPointer) -> SpecError {
        SpecError(base.appending(pointer), detail)
    }

    /// All faults of a document whose member at `base` is the input.
    package func faults(at base: JSONPointer) -> [SpecError] {
        [fault(at: base)] + others.map { $0.fault(at: base) }
    }

    /// `errno` of every call that the system refused.
    package var systemErrors: [Int32] { ([self] + others).compactMap(\.systemError) }

    /// The words.
    package var description: String { detail }
}

extension JSONPointer {
    /// A pointer by its names.
    init(_ names: String...) { self.init(tokens: names) }
}
