import API
import ArgumentParser
import Jobs

/// `tpuctl profiles JOB`
struct Profiles: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a job's profiles, newest first.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let answer = try server.get(target.path(on: server, "/profiles"), ProfileList.self)
        options.show(answer, names: { $0.elements.map { "\($0.profile)" } }) { list in
            Table.aligned(
                [["NUMBER", "STEPS", "SIZE", "CREATED"]]
                    + list.elements.map {
                        [
                            "\($0.profile)", "\($0.firstStep) to \($0.lastStep)", Numbers.bytes($0.bytes),
                            $0.createdAt.rfc3339,
                        ]
                    })
        }
    }
}
