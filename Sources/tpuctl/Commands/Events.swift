import API
import ArgumentParser
import Jobs
import OrderedCollections
import Formats

/// `tpuctl events JOB`
struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List what happened to a job, oldest first.")

    @OptionGroup var target: JobArgument
    @Option(name: .long, help: "Only events after the one of this number.")
    var after: Int?
    @Option(name: .long, help: "At most so many.")
    var limit = 1000
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let path = try target.path(on: server, "/events")
        options.show(
            try server.get(
                DaemonClient.target(path, ["after_seq": after.map(String.init), "limit": "\(limit)"]), EventList.self)
        ) { list in
            let more = list.nextSeq.map { "\nmore come after --after \($0)" } ?? ""
            return Table.aligned([["SEQ", "AT", "ATTEMPT", "EVENT", "DETAILS"]] + list.events.map(Self.row)) + more
        }
    }

    private static func row(_ event: EventView) -> [String] {
        let what = event.to.map { to in event.from.map { "\($0.rawValue) to \(to.rawValue)" } ?? to.rawValue }
        let details = (event.data.object ?? [:]).map { "\($0.key) \($0.value.string ?? $0.value.text)" }
        return [
            "\(event.seq)", event.at.rfc3339, event.attempt == 0 ? "-" : "\(event.attempt)", what ?? event.type,
            details.joined(separator: ", "),
        ]
    }
}
