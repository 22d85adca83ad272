import API
import Glibc
import HTTP
import HTTPTypes
import Jobs
import Store

extension Endpoints {
    /// `GET /readyz`.
    func readiness() throws -> Response {
        try requireServing()
        if let trouble = services.storeHealth.trouble {
            throw Problem(
                503, code: trouble.rawValue,
                detail: "The daemon's database takes no commits: nothing is started until it does again")
        }
        return .text("ready\n")
    }

    /// `GET /v1/topology`.
    func topology(_ request: Request, _ query: QueryValues) async throws -> Response {
        var holders: [Int: [Int: JobID]] = [:]
        for job in try await services.store.holdingJobs() {
            for host in job.placement?.hosts ?? [] {
                for core in host.cores { holders[host.host, default: [:]][core] = job.id }
            }
        }
        let pod = services.pod
        let states = services.hosts.states
        return .wire(
            TopologyView(
                pod: pod.name,
                hosts: (0..<pod.hosts).map { host in
                    .init(host: host, state: states[host], cores: (0..<pod.coresPerHost).map { holders[host]?[$0] })
                }))
    }

    /// `GET /v1/queue`.
    func queue(_ request: Request, _ query: QueryValues) async throws -> Response {
        let page = try await services.store.queue(
            limit: min(500, query.integer("limit") ?? 50), after: query.text("page_token").flatMap { JobID($0) })
        tell(unreadable: page.unreadable)
        let now = services.clock.wall()
        let notice = services.pending.notice
        let jobs = page.jobs.enumerated().map { index, job in
            QueuedJobView(
                id: job.id, priority: job.priority,
                pending: notice.view(of: .init(job, now: now), position: page.firstPosition + index, now: now))
        }
        return .wire(QueueView(jobs, nextPageToken: page.next?.description))
    }
}
