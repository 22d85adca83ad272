import API
import ArgumentParser
import Jobs

/// `tpuctl checkpoints JOB`
struct Checkpoints: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a job's checkpoints, newest first.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let answer = try server.get(target.path(on: server, "/checkpoints"), CheckpointList.self)
        options.show(answer, names: { $0.elements.map { "\($0.step)" } }) { list in
            Table.aligned(
                [["STEP", "STATE", "SIZE", "CREATED", "KEPT BECAUSE"]]
                    + list.elements.map {
                        [
                            "\($0.step)", $0.state.rawValue, Numbers.bytes($0.bytes), $0.createdAt.rfc3339,
                            $0.keptBecause,
                        ]
                    })
        }
    }
}
