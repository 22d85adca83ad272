import API
import ArgumentParser
import Jobs

/// `tpuctl host VERB N`
struct Host: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Drain, undrain, fail or repair a host of the pod.",
        discussion: """
            drain lets a host take no more jobs, undrain lets it take jobs again; fail takes it away from what runs there,
            which goes on elsewhere from its newest checkpoint, and repair brings it back.
            """)

    @Argument(help: "drain, undrain, fail or repair.")
    var verb: HostVerb
    @Argument(help: "The host's number, from 0.")
    var host: Int
    @OptionGroup var options: ServerOptions

    func run() throws {
        let answer = try options.server().post("/v1/hosts/\(host)/\(verb.rawValue)", HostView.self)
        options.show(answer) { "host \($0.host) \($0.state.rawValue)" }
    }
}

extension HostVerb: ExpressibleByArgument {}
