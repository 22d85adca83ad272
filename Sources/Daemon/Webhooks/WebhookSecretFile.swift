import Formats
import Glibc
import Reactor

/// The file of the keys that webhooks are signed with.
package enum WebhookSecretFile {
    /// Its name in the state folder, where the daemon makes it unless the operator names another.
    package static let name = "webhook-secret"
    /// Bytes that it may have.
    private static let longest = 4096

    /// Reads it; waits for the disk.
    /// - Throws: ``WebhookSecretError``; also when others could change or read it.
    package static func read(_ path: String) throws(WebhookSecretError) -> WebhookSecret {
        let text: String?
        do throws(FormatError) {
            let file = try OpenFile(path: path)
            if let danger = SecretFile.danger(file.descriptor, path) { throw FormatError(.unreadable, danger) }
            text = String(validating: try file.contents(limit: longest), as: UTF8.self)
        } catch {
            throw WebhookSecretError(path: path, detail: error.detail)
        }
        guard let text else { throw WebhookSecretError(path: path, detail: "is not UTF-8 text") }
        do throws(WebhookSecret.Fault) {
            return try WebhookSecret(text)
        } catch {
            throw WebhookSecretError(path: path, detail: error.detail)
        }
    }

    /// Makes it with a new key unless there is one; waits for the disk.
    package static func makeUnlessThere(_ path: String) throws(WebhookSecretError) {
        if access(path, F_OK) == 0 { return }
        var generator = SystemRandomNumberGenerator()
        do throws(SystemError) {
            try WholeFile.make(path, with: Array("\(WebhookSecret.text(using: &generator))\n".utf8))
        } catch {
            throw WebhookSecretError(path: path, detail: "can't be made: \(error)")
        }
    }
}

/// Why a file of keys can't be used.
package struct WebhookSecretError: Error, Equatable, CustomStringConvertible {
    /// Where the file is.
    package let path: String
    /// What is wrong: never what the file holds.
    package let detail: String

    /// A sentence for the operator.
    package var description: String { "the file of the secret that webhooks are signed with, \(path), \(detail)" }
}
