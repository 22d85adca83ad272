import Formats
import Transfer

/// The token that requests bear. It comes from a file or from the environment, never from the command line, which every user
/// of the machine can read.
enum AccessToken {
    /// Bytes that a file of one may have.
    private static let longest = 4096

    /// The file's token where a file is named, else the variable's; nil where there is none.
    ///
    /// - Throws: `TransferError` that does not tell what was found.
    static func find(file: String?, variable: String?) throws(TransferError) -> String? {
        guard let file else {
            guard let variable, !variable.isEmpty else { return nil }
            return try checked(variable, "TPUD_TOKEN")
        }
        let bytes: [UInt8]
        do throws(FormatError) {
            bytes = try OpenFile(path: file).contents(limit: longest)
        } catch {
            throw TransferError(.file, "\(file): \(error)")
        }
        return try read(bytes, file)
    }

    /// The token that is all of a text but the end of its line.
    /// - Parameter place: Where the text is from, for the message.
    static func read(_ bytes: [UInt8], _ place: String) throws(TransferError) -> String {
        try checked(String(decoding: bytes, as: UTF8.self), place)
    }

    /// A token without the end of its line. Anything else in it could begin a field of its own.
    private static func checked(_ text: String, _ place: String) throws(TransferError) -> String {
        let token = text.prefix { !$0.isNewline }
        let rest = text[token.endIndex...]
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), rest.allSatisfy(\.isNewline) else {
            throw TransferError(
                .file, "\(place): expected one token on one line, as `tpud token add` prints it, found something else")
        }
        return String(token)
    }
}
