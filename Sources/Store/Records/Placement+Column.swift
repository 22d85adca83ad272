package import Jobs

extension Placement {
    /// The column's text: `0:0,1;3:4` for cores 0 and 1 of host 0 and core 4 of host 3; empty for no cores.
    package var column: String {
        hosts.map { "\($0.host):" + $0.cores.map(String.init).joined(separator: ",") }.joined(separator: ";")
    }

    /// Reads the column's text; nil when it is not a placement's.
    package init?(column: String, slice: Slice?) {
        var hosts: [Host] = []
        for part in column.split(separator: ";") {
            let pieces = part.split(separator: ":")
            guard pieces.count == 2, let host = Int(pieces[0]) else { return nil }
            let cores = pieces[1].split(separator: ",").map { Int($0) }
            guard !cores.contains(nil) else { return nil }
            hosts.append(Host(host: host, cores: cores.compactMap { $0 }))
        }
        self.init(slice: slice, hosts: hosts)
    }
}
