import Jobs

/// The cores that nobody holds, and who holds the rest.
struct FreeCores {
    private let pod: Pod
    private let hosts: [HostState]
    /// For each host, for each core, who holds it.
    private var holders: [[JobID?]]

    init(_ snapshot: Snapshot) {
        pod = snapshot.pod
        hosts = snapshot.hosts
        holders = Array(
            repeating: Array(repeating: nil, count: snapshot.pod.coresPerHost), count: snapshot.pod.hosts)
        for holding in snapshot.running { take(holding.placement, for: holding.job) }
    }

    /// Gives cores to a job. A core that is outside the pod (the pod became smaller) is passed over.
    mutating func take(_ placement: Placement, for job: JobID) {
        for part in placement.hosts where holders.indices.contains(part.host) {
            for core in part.cores where holders[part.host].indices.contains(core) {
                holders[part.host][core] = job
            }
        }
    }

    /// The cores for a slice, all or nothing; nil when there are not enough on hosts that are UP.
    ///
    /// Part of a host comes from the host with the fewest free cores that still suffice (best fit, so that whole hosts
    /// stay whole), the lowest number among equals; whole hosts are the lowest numbers.
    func place(_ slice: Slice) -> Placement? {
        let need = slice.coresPerHost
        let free = holders.indices.filter { hosts[$0] == .up }.map { host in
            (host: host, cores: holders[host].indices.filter { holders[host][$0] == nil })
        }.filter { $0.cores.count >= need }
        let chosen =
            slice.hosts == 1
            ? free.min { ($0.cores.count, $0.host) < ($1.cores.count, $1.host) }.map { [$0] } ?? []
            : Array(free.prefix(slice.hosts))
        guard chosen.count == slice.hosts else { return nil }
        return Placement(
            slice: slice,
            hosts: chosen.map { Placement.Host(host: $0.host, cores: Array($0.cores.prefix(need))) })
    }

    /// Whether the slice would find room if every host were UP and those that hold cores kept them.
    func wouldFit(_ slice: Slice) -> Bool {
        holders.count { $0.count { $0 == nil } >= slice.coresPerHost } >= slice.hosts
    }

    /// Everybody who holds cores, by id.
    var allHolders: [JobID] { Set(holders.joined().compactMap { $0 }).sorted() }
}
