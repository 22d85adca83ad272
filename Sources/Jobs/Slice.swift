/// The size of what a job holds of the pod: 1 to 8 cores of one host, or whole hosts of eight cores.
package struct Slice: Hashable, Sendable {
    /// How many cores, and so how many shards.
    package let cores: Int

    /// Makes the slice of so many shards (`tpu_config.num_shards`); throws `JobsError.shards` for a number that no
    /// slice has.
    package init(shards: Int) throws(JobsError) {
        guard 1...Pod.maxCoresPerHost ~= shards || (shards > 0 && shards % Pod.maxCoresPerHost == 0) else {
            throw .shards(shards)
        }
        self.cores = shards
    }

    /// How many hosts it spans.
    package var hosts: Int { max(1, cores / Pod.maxCoresPerHost) }

    /// How many cores it holds of each of its hosts.
    package var coresPerHost: Int { cores / hosts }

    /// Its name: `1xn` for n cores of one host, `2x4` for eight, `(2·H)x4` for H hosts (`4x4` for two).
    package var name: String {
        cores < Pod.maxCoresPerHost ? "1x\(cores)" : "\(2 * hosts)x4"
    }

    /// Whether the pod has such a slice when it is empty.
    package func fits(_ pod: Pod) -> Bool {
        hosts <= pod.hosts && coresPerHost <= pod.coresPerHost
    }
}
