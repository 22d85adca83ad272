package import Jobs
import Logging
package import Store

extension Supervisor {
    /// Does what an operator asks of a host; a host that fails takes what runs there with it. On the reactor.
    /// - Parameter host: One of the pod's.
    package func ask(
        _ verb: HostVerb, ofHost host: Int, promise: ReplyPromise<HostChange>?, audit: AuditMark? = nil
    ) async throws(StoreError) -> Kept<HostChange> {
        let kept = try await store.ask(verb, ofHost: host, at: services.clock.wall(), promise: promise, audit: audit)
        guard case .done(let change) = kept, change.from != change.to else { return kept }
        services.hosts.set(host, to: change.to)
        services.log.notice("host \(host) was \(change.from.rawValue) and is \(change.to.rawValue)")
        if change.to == .down { await endJobs(on: host) }
        wake()
        return kept
    }

    /// Ends what runs on a host that has failed. A job whose start is being stored at this moment looks at the board itself.
    private func endJobs(on host: Int) async {
        do {
            for job in try await store.holdingJobs()
            where job.placement?.hosts.contains(where: { $0.host == host }) == true {
                await interrupt(job.id, .failHost)
            }
        } catch {
            services.complain("host \(host)", "what runs on host \(host), which failed, could not be ended: \(error)")
            services.storeHealth.failed(error)
        }
    }
}
