/// Why bytes are not what a format says, or can't be had: code and words for the person whose file it is.
///
/// The words never hold a path; who opened the file adds the name it was asked for by.
package struct FormatError: SystemCallError, Sendable, Hashable, CustomStringConvertible {
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

    /// `errno` of the call that the system refused; nil when none was.
    package let systemError: Int32?

    /// An error by its code and words.
    package init(_ code: Code, _ detail: String, systemError: Int32? = nil) {
        self.code = code
        self.detail = detail
        self.systemError = systemError
    }

    /// The words.
    package var description: String { detail }
}
