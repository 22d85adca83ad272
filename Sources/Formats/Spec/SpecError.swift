/// One thing that is wrong with a document, and where (an element of RFC 9457's `errors`).
package struct SpecError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The value that is wrong, or the object that lacks one.
    package var pointer: JSONPointer
    /// What is wrong, as a sentence's end or a whole sentence, for the person who wrote the document.
    package var detail: String
    /// A word for programs, as ``notSupported``; nil where the pointer and the status say enough.
    package var code: String?

    /// The code of what the contract has and this version does not do yet.
    package static let notSupported = "NOT_SUPPORTED"

    /// A fault; without a code unless given.
    package init(_ pointer: JSONPointer, _ detail: String, code: String? = nil) {
        self.pointer = pointer
        self.detail = detail
        self.code = code
    }

    /// The pointer and the words.
    package var description: String { "\(pointer): \(detail)" }
}
