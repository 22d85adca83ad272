import API
import ArgumentParser
import Jobs

/// `tpuctl attempts JOB`
struct Attempts: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List a job's attempts, oldest first.")

    @OptionGroup var target: JobArgument
    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        let answer = try server.get(target.path(on: server, "/attempts"), AttemptList.self)
        options.show(answer) { list in
            Table.aligned(
                [["ATTEMPT", "OUTCOME", "STEPS", "STARTED", "TOOK", "ERROR"]] + list.elements.map(Self.row))
        }
    }

    private static func row(_ attempt: AttemptView) -> [String] {
        let end = attempt.finishedAt ?? Numbers.now
        return [
            "\(attempt.attempt)", attempt.outcome?.rawValue ?? "-",
            "\(attempt.startStep) to \(attempt.endStep.map(String.init) ?? "…")", attempt.startedAt.rfc3339,
            Numbers.duration(end.seconds(since: attempt.startedAt)),
            attempt.error.map { "\($0.code): \($0.message)" } ?? "",
        ]
    }
}
