import API
import ArgumentParser
import FoundationEssentials
import Jobs
import Transfer

/// How a specification is submitted, and what is done then.
struct Submission: ParsableArguments {
    @Flag(name: .long, help: "Wait until the job has ended, and show its progress.")
    var wait = false
    @Flag(name: .long, help: "Check and plan the job without storing it.")
    var dryRun = false
    @Option(name: .long, help: "An Idempotency-Key: submitting again with the same one gives the same job.")
    var idempotencyKey: String?

    /// Submits the text of a specification and shows the job's id, its plan or how it goes on.
    func send(_ spec: [UInt8], to server: DaemonClient, _ options: ServerOptions) throws {
        if dryRun {
            let answer = try server.post("/v1/jobs?dry_run=true", DryRunView.self, content: spec)
            return options.show(answer) { $0.summary ?? Output.json($0.plan) }
        }
        let answer = try server.postOnce(
            "/v1/jobs", JobView.self, content: spec, key: idempotencyKey ?? UUID().uuidString)
        guard wait else { return options.show(answer) { $0.id.description } }
        if options.output.isText { Terminal.say(answer.view.id.description) }
        try Wait.follow(answer.view.id, server: server, options: options)
    }
}
