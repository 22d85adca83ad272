package import Reactor

/// What is wrong with the file of tokens, or with what it is asked for.
package enum TokenFileError: Error, Equatable, Sendable {
    /// One fault of its text.
    package struct Fault: Equatable, Sendable {
        /// The number of the line, from 1.
        package let line: Int
        /// The field; nil for the whole line.
        package let field: String?
        /// What is wrong: what was expected, never what the field holds.
        package let detail: String
    }

    /// There is none at this path.
    case missing(path: String)
    /// It can't be read or written.
    case system(path: String, SystemError)
    /// It is not a text file, or others than its owner could change or read it.
    case unfit(path: String, detail: String)
    /// Its text has these faults.
    case malformed(path: String, [Fault])
    /// A name that a token can't have.
    case badName(String)
    /// No token has the id that was given.
    case noSuchToken(path: String)
    /// It has as many tokens as it may.
    case full(path: String)
}

extension TokenFileError: CustomStringConvertible {
    /// A sentence for the operator with the way out, or a line for each fault.
    package var description: String {
        switch self {
        case .missing(let path):
            "the file of tokens \(path) does not exist: `tpud token add --role admin --name NAME --file \(path)` makes it"
        case .system(let path, let error): "the file of tokens \(path) can't be used: \(error)"
        case .unfit(let path, let detail): "the file of tokens \(path) \(detail)"
        case .malformed(let path, let faults):
            faults.map { fault in
                "\(path):\(fault.line): " + (fault.field.map { "\($0): " } ?? "") + fault.detail
            }.joined(separator: "\n")
        case .badName(let detail): "the name of a token: \(detail)"
        case .noSuchToken(let path):
            "no token in \(path) has that id: expected one of those that `tpud token list` shows, never a token itself"
        case .full(let path):
            "the file of tokens \(path) has \(TokenFile.mostTokens) tokens, as many as it may: revoke some"
        }
    }
}
