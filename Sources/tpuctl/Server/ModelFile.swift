import Formats
import KerasFiles
import Transfer

/// A user's file of a model.
enum ModelFile {
    /// The model's JSON: that of a `.keras` file, or the file's own.
    ///
    /// - Throws: `TransferError` with the file's name.
    static func json(_ path: String) throws -> JSON {
        do throws(any Error) {
            let file = try OpenFile(path: path)
            let kind = FileKind(try file.bytes(at: 0, count: FileKind.prefixSize))
            if kind == .zip { return try KerasArchive.model(of: file) }
            if let kind { throw kind.mismatch(expected: "a .keras file or what model.to_json() prints") }
            return try JSON(parsing: file.contents(limit: KerasArchive.largestConfiguration)) as JSON
        } catch {
            throw TransferError(.file, "\(path): \(error)")
        }
    }
}
