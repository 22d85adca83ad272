import API
import ArgumentParser
import Daemon

/// `tpud token revoke ID`
struct TokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a token: a running daemon refuses it within a second.")

    @Argument(help: "Its id, as list shows it; never the token itself, which other users of the machine would see.")
    var id: String
    @OptionGroup var options: TokenFileOptions

    func run() throws {
        let (path, id) = (try options.path(), id)
        let token = try TokenFileOptions.telling { () throws(TokenFileError) in
            try TokenFile.change(path, makes: false) { file throws(TokenFileError) in
                guard let token = file.remove(id) else { throw .noSuchToken(path: path) }
                return token
            }
        }
        TokenFileOptions.say("token \(token.id) of \(token.name), \(token.role.rawValue), is revoked")
    }
}
