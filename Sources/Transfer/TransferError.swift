/// What can go wrong with a transfer that got no usable answer. An answer with an error status is not one of these:
/// it is a `Reply`.
package struct TransferError: Error, Equatable, CustomStringConvertible {
    /// The kind of failure.
    package enum Code: Sendable, Equatable {
        /// No connection could be made, or it broke before an answer came.
        case unreachable
        /// The time limit passed.
        case timedOut
        /// The address can't be understood.
        case badAddress
        /// A download's bytes are not those that were promised, or the server's answer to its range makes no sense.
        case damaged
        /// A local file could not be read or written.
        case file
        /// The receiver of the bytes, or who asked for the transfer, asked to stop.
        case stopped
        /// The server's name leads to an address that must not be connected to.
        case forbiddenAddress
        /// libcurl itself could not be used.
        case library
    }

    /// The kind of failure.
    package let code: Code
    /// What was being done, with whom: libcurl's own words where it has some.
    package let context: String

    /// An error of kind `code`; `context` says what was being done.
    package init(_ code: Code, _ context: String) {
        self.code = code
        self.context = context
    }

    package var description: String {
        switch code {
        case .unreachable: "cannot reach the server: \(context)"
        case .timedOut: "no answer in time: \(context)"
        case .badAddress: "not a usable address: \(context)"
        case .damaged: "the download is damaged: \(context)"
        case .file: context
        case .stopped: "stopped: \(context)"
        case .forbiddenAddress: "the address is an inner one, which is not allowed: \(context)"
        case .library: "libcurl: \(context)"
        }
    }
}
