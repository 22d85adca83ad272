import API
import ArgumentParser
import Daemon

/// `tpud token add --role ROLE --name NAME`
struct TokenAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a token and print it, this once.",
        discussion: """
            The file keeps its hash alone. A running daemon takes the token within a second. Roles: viewer reads everything; \
            submitter submits jobs and asks things of its own ones; operator asks things of every job and host; admin may do \
            everything.
            """)

    @Option(help: "viewer, submitter, operator or admin.") var role: Role
    @Option(help: "Whose it is: the owner of the jobs that are submitted with it.") var name: String
    @OptionGroup var options: TokenFileOptions

    func run() throws {
        let path = try options.path()
        let bearer = try TokenFileOptions.telling { () throws(TokenFileError) in try Self.add(role, name, to: path) }
        TokenFileOptions.say("token \(bearer.id) of \(name), \(role.rawValue), is in \(path); it is shown this once:")
        print(bearer.text)
    }

    private static func add(_ role: Role, _ name: String, to path: String) throws(TokenFileError) -> BearerToken {
        var generator = SystemRandomNumberGenerator()
        let now = DaemonClock.system.wall()
        // Checked before the file is made.
        _ = try Token(BearerToken(using: &generator), role: role, name: name, created: now)
        return try TokenFile.change(path, makes: true) { file throws(TokenFileError) in
            guard file.tokens.count < TokenFile.mostTokens else { throw .full(path: path) }
            while true {
                let bearer = BearerToken(using: &generator)
                if file.add(try Token(bearer, role: role, name: name, created: now)) { return bearer }
            }
        }
    }
}

extension Role: ExpressibleByArgument {}
