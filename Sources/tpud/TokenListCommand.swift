import ArgumentParser
import Daemon

/// `tpud token list`
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens: their ids, roles, names and when they were made.")

    @OptionGroup var options: TokenFileOptions

    func run() throws {
        let path = try options.path()
        let tokens = try TokenFileOptions.telling { () throws(TokenFileError) in try TokenFile.read(path)?.file.tokens }
        for token in tokens ?? [] { print(token.shown) }
    }
}
