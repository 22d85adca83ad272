import API
import Formats
import HTTPTypes
import OrderedCollections
import Testing

@Suite struct EndpointTests {
    /// The contract's section 2, as it stands there.
    private static let contract: Set<String> = [
        "POST /v1/jobs", "GET /v1/jobs", "GET /v1/jobs/{id}", "PATCH /v1/jobs/{id}", "POST /v1/jobs/{id}/cancel",
        "POST /v1/jobs/{id}/kill", "POST /v1/jobs/{id}/pause", "POST /v1/jobs/{id}/resume",
        "POST /v1/jobs/{id}/checkpoint", "DELETE /v1/jobs/{id}", "GET /v1/jobs/{id}/events", "GET /v1/jobs/{id}/logs",
        "GET /v1/jobs/{id}/metrics", "GET /v1/jobs/{id}/checkpoints", "GET /v1/jobs/{id}/checkpoints/{step}/{file}",
        "GET /v1/jobs/{id}/predictions", "GET /v1/jobs/{id}/attempts", "GET /v1/topology", "POST /v1/hosts/{n}/drain",
        "POST /v1/hosts/{n}/undrain", "POST /v1/hosts/{n}/fail", "POST /v1/hosts/{n}/repair", "GET /v1/queue",
        "GET /v1/events", "GET /healthz", "GET /readyz", "GET /version", "GET /metrics", "GET /openapi.json", "GET /",
    ]
    /// What this version has besides.
    private static let added: Set<String> = [
        "GET /page/{version}/{file}", "GET /v1/webhooks/deliveries", "POST /v1/webhooks/deliveries/{id}/redeliver",
        "GET /v1/jobs/{id}/spec", "GET /v1/audit", "POST /v1/jobs/{id}/profile", "GET /v1/jobs/{id}/profiles",
        "GET /v1/jobs/{id}/profiles/{n}",
    ]

    @Test func theTableIsTheContract() {
        #expect(Set(Endpoint.all.map { "\($0.method.rawValue) \($0.path)" }) == Self.contract.union(Self.added))
        #expect(Endpoint.all.count == Self.contract.count + Self.added.count)
        #expect(Set(Endpoint.all.map(\.operation)) == Set(Endpoint.Operation.allCases))
        for operation in Endpoint.Operation.allCases { #expect(Endpoint.of(operation).operation == operation) }
    }

    /// Who may ask for each: written out here, so that no row gets what its neighbour has.
    private static let admissions: [(Admission, Set<Endpoint.Operation>)] = [
        (.everybody, [.healthz, .readyz, .page, .pageFile]),
        (
            .role(.viewer),
            [
                .listJobs, .getJob, .listJobEvents, .readLogs, .readMetrics, .listCheckpoints, .downloadCheckpointFile,
                .readPredictions, .listAttempts, .readTopology, .readQueue, .listEvents, .version, .metrics, .openAPI,
                .listDeliveries, .readSpecification, .listProfiles, .downloadProfile,
            ]
        ), (.role(.submitter), [.submitJob]),
        (
            .owner,
            [
                .changeJob, .deleteJob, .cancelJob, .killJob, .pauseJob, .resumeJob, .checkpointJob, .profileJob,
                .redeliver,
            ]
        ), (.role(.admin), [.readAudit]),
        (.role(.operator), [.drainHost, .undrainHost, .failHost, .repairHost]),
    ]

    @Test func everyOperationSaysWhoMayAskForIt() {
        for (admission, operations) in Self.admissions {
            for operation in operations { #expect(Endpoint.of(operation).admission == admission, "\(operation)") }
        }
        #expect(Set(Self.admissions.flatMap(\.1)) == Set(Endpoint.Operation.allCases))
        for endpoint in Endpoint.all where endpoint.method != .get {
            #expect(endpoint.admission.least.map { $0 > .viewer } == true, "\(endpoint.path)")
        }
    }

    @Test func pathsAreFilledIn() {
        let endpoint = Endpoint.of(.downloadCheckpointFile)
        #expect(endpoint.pathParameters == ["id", "step", "file"])
        #expect(
            endpoint.path(["id": "a/b", "step": "7", "file": "é x.safetensors"])
                == "/v1/jobs/a%2Fb/checkpoints/7/%C3%A9%20x.safetensors")
        #expect(Endpoint.of(.page).path([:]) == "/")
    }
}
