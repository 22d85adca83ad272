import API
import ArgumentParser
import Jobs

/// `tpuctl profile JOB [-o FILE]`
struct Profile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Trace the next steps of a job that trains, and save the trace.",
        discussion: """
            It is saved once these steps are made; an attempt that ends before has fewer. The job goes on, with the same
            numbers. The file has trace events in Chrome's format, which ui.perfetto.dev opens.
            """)

    @OptionGroup var target: JobArgument
    @Option(name: .long, help: "How many steps, 1 to 1000. [10]")
    var steps: Int?
    @Option(name: .long, help: "Save the profile of this number, which tpuctl profiles lists; nothing is traced.")
    var number: Int?
    @Option(name: .customShort("o"), help: "Where to write it, - for standard output. [profile-NUMBER.json, here]")
    var destination: String?
    @OptionGroup var options: ServerOptions

    func validate() throws {
        if steps != nil, number != nil {
            throw ValidationError(
                "expected --steps or --number, found both: what is saved by its number is traced already")
        }
    }

    func run() throws {
        let server = try options.server()
        let id = try target.job.id(on: server)
        let watch = ProfileWatch(server: server, id: id)
        let profile = try number.map { try watch.profile($0) } ?? watch.trace(steps: steps)
        let path = "/v1/jobs/\(id)/profiles/\(profile.profile)"
        if destination == "-" { return try server.stream(path) { Terminal.pass($0) } }
        let place = destination ?? "profile-\(profile.profile).json"
        try server.download(path, to: place, sha256: nil)
        options.show(profile.wire) { place }
    }
}
