import API
import ArgumentParser
import Jobs

/// `tpuctl topology`
struct Topology: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the pod's hosts and cores, and who holds them.")

    @OptionGroup var options: ServerOptions

    func run() throws {
        let server = try options.server()
        options.show(try server.get("/v1/topology", TopologyView.self)) { topology in
            "pod \(topology.pod)\n"
                + Table.aligned([["HOST", "STATE", "FREE CORES", "JOBS"]] + topology.hosts.map(Self.row))
        }
    }

    private static func row(_ host: TopologyView.Host) -> [String] {
        var held: [(job: String, cores: Int)] = []
        for job in host.cores.compactMap({ $0?.description }) {
            if let index = held.firstIndex(where: { $0.job == job }) {
                held[index].cores += 1
            } else {
                held.append((job, 1))
            }
        }
        let free = host.cores.filter { $0 == nil }.count
        return [
            "\(host.host)", host.state.rawValue, "\(free) of \(host.cores.count)",
            held.map { "\($0.job) (\($0.cores))" }.joined(separator: ", "),
        ]
    }
}
