import API
import ArgumentParser
import Formats
import Jobs
import OrderedCollections

/// `tpuctl events [-f] [JOB]`
struct Events: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what happened to a job, or to all jobs, oldest first.",
        discussion: """
            With --follow what happens from then on is shown, too: until the job has ended, or for ever. A daemon that is away
            for a while is waited for; nothing is lost and nothing comes twice. With --output json each event is a line, with yaml a document.
            """)

    @Argument(help: "The job: its id, the beginning of its id, or its name. All jobs unless given.")
    var job: JobReference?
    @Flag(name: .shortAndLong, help: "Go on until the job ends.")
    var follow = false
    @Option(name: .long, help: "Only events after the one of this number.")
    var after: Int?
    @Option(name: .long, help: "Only the last so many, and what follows.")
    var tail: Int?
    @Option(name: .long, help: "At most so many; without --follow. [1000]")
    var limit: Int?
    @OptionGroup var options: ServerOptions

    func validate() throws {
        if follow, limit != nil { throw ValidationError("--limit is for a list, which --follow does not end.") }
        if after != nil, tail != nil { throw ValidationError("--after and --tail both say where the events begin.") }
    }

    func run() throws {
        let server = try options.server()
        let path = try job.map { "/v1/jobs/\(try $0.id(on: server))/events" } ?? "/v1/events"
        let (after, tail) = (after.map(String.init), tail.map(String.init))
        if follow {
            return try EventWatch(server: server, path: path).run(after: after, tail: tail) { event in
                switch options.output {
                case .text, .wide, .name: Terminal.say(Self.line(event))
                case .json: Terminal.say(event.wire.text)
                case .yaml: Terminal.say("---\n\(YAMLWriter.text(event.wire))")
                }
            }
        }
        let target = DaemonClient.target(path, ["after_seq": after, "tail": tail, "limit": "\(limit ?? 1000)"])
        options.show(try server.get(target, EventList.self)) { list in
            let more = list.nextSeq.map { "\nmore come after --after \($0)" } ?? ""
            return Table.aligned([head] + list.events.map(row)) + more
        }
    }

    private var head: [String] { ["SEQ", "AT"] + (job == nil ? ["JOB"] : []) + ["ATTEMPT", "EVENT", "DETAILS"] }

    private func row(_ event: EventView) -> [String] {
        ["\(event.seq)", event.at.rfc3339] + (job == nil ? [event.jobID.description] : []) + [
            event.attempt == 0 ? "-" : "\(event.attempt)", Self.what(event), Self.details(event),
        ]
    }

    /// An event as a line of its own: its job always in it, as columns can't be aligned with what comes later.
    private static func line(_ event: EventView) -> String {
        let details = details(event)
        return "\(event.seq)  \(event.at.rfc3339)  \(event.jobID)  \(what(event))"
            + (details.isEmpty ? "" : "  \(details)")
    }

    private static func what(_ event: EventView) -> String {
        let states = event.to.map { to in event.from.map { "\($0.rawValue) to \(to.rawValue)" } ?? to.rawValue }
        return states ?? event.type
    }

    private static func details(_ event: EventView) -> String {
        (event.data.object ?? [:]).map { "\($0.key) \($0.value.string ?? $0.value.text)" }.joined(separator: ", ")
    }
}
