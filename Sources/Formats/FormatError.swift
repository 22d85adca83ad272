/// Why bytes are not what a format says, or can't be had: code and words for the person whose file it is.
///
/// The words never hold a path; who opened the file adds the name it was asked for by.
package struct FormatError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    package enum Code: String, Sendable {
        /// No such file, or not to be read.
        case unreadable
        /// The file ends before what its header announces.
        case truncated
        /// The bytes break the format's rules.
        case malformed
        /// Right by the format, but not read here.
        case unsupported
        /// Past a limit.
        case tooLarge
        /// Another shape or type than asked for.
        case mismatch
        /// The system refused a read or write.
        case inputOutput
    }

    /// What is wrong.
    package let code: Code
    /// What is wrong, as a sentence without its full stop.
    package let detail: String

    /// An error by its code and words.
    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// The words.
    package var description: String { detail }
}
