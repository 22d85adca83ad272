import API
import Daemon
import Foundation
import Jobs
import TestSupport

/// A folder with a file of tokens that goes away with its last user.
final class FolderOfTokens {
    let path: String
    var file: String { "\(path)/tokens" }
    private var generator = SeededGenerator(seed: 11)

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "tpud-tokens-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Adds a token to the file.
    @discardableResult
    func add(_ role: Role, _ name: String) throws -> BearerToken {
        let bearer = BearerToken(using: &generator)
        let token = try Token(bearer, role: role, name: name, created: Timestamp(seconds: 1_700_000_000))
        _ = try TokenFile.change(file, makes: true) { file throws(TokenFileError) in file.add(token) }
        return bearer
    }

    /// Removes one from it.
    func revoke(_ bearer: BearerToken) throws {
        _ = try TokenFile.change(file, makes: false) { file throws(TokenFileError) in file.remove(bearer.id) }
    }

    /// Puts another text in its place.
    func write(_ text: String, mode: mode_t = 0o600) throws {
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, mode)
    }

    /// Its permissions.
    var mode: Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }
}
