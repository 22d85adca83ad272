import ArgumentParser
import Formats

/// `tpuctl checkpoints ID`
struct Checkpoints: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a job's checkpoints, newest first.")

    @Argument(help: "The job's id.")
    var id: String
    @OptionGroup var options: ServerOptions

    func run() throws {
        let answer = try options.server().get(Server.job(id, "/checkpoints"))
        guard options.output == .text else { return Terminal.say(Output.json(answer)) }
        let rows = (answer["checkpoints"]?.array ?? []).map(Checkpoints.row)
        Terminal.say(Table.aligned([["STEP", "BYTES", "CREATED", "KEPT BECAUSE"]] + rows))
    }

    private static func row(_ checkpoint: JSON) -> [String] {
        let numbers = ["step", "bytes"].map { checkpoint[$0]?.number?.lexeme ?? "" }
        let words = ["created_at", "kept_because"].map { checkpoint[$0]?.string ?? "" }
        return numbers + words
    }
}
