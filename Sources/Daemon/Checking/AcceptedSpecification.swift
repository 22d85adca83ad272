package import API
import Formats
package import Jobs
package import WorkerProtocol

/// A specification without a fault that this pod can run.
package struct AcceptedSpecification: Sendable {
    /// The service's part.
    package var request: JobRequest
    /// What the check found.
    package var passed: PassedCheck
    /// The cores that it needs; nil when it runs without the TPU.
    package var slice: Slice?

    /// Reads what a check found.
    /// - Throws: what is wrong with the specification, as the client is told; ``CheckFailure/malformed(_:)`` when the
    ///   check speaks nonsense.
    package init(_ finding: CheckReport.Finding, pod: Pod) throws {
        switch finding {
        case .unreadable(let unreadable):
            throw Problem(unreadable.status, code: unreadable.code, detail: unreadable.detail)
        case .faulty(let faulty):
            throw Problem(faults: faulty.faults + Self.misfit(faulty.shards, pod), more: faulty.more)
        case .passed(let passed):
            let misfit = Self.misfit(passed.shards, pod)
            guard misfit.isEmpty else { throw Problem(faults: misfit) }
            let faults = SpecErrors()
            request = JobRequest(spec: passed.service, faults: faults)
            guard faults.isEmpty else { throw CheckFailure.malformed("\(faults.all)") }
            self.passed = passed
            slice = passed.shards.flatMap { try? Slice(shards: $0) }
        }
    }

    /// The fault of a job that needs more cores than the pod ever has.
    private static func misfit(_ shards: Int?, _ pod: Pod) -> [SpecError] {
        guard let shards, (try? Slice(shards: shards))?.fits(pod) != true else { return [] }
        return [
            SpecError(
                JSONPointer(tokens: ["tpu_config", "num_shards"]),
                "needs a slice of \(shards) cores, which the pod \(pod.name) with \(pod.hosts) hosts of "
                    + "\(pod.coresPerHost) cores never has",
                code: ProblemCode.cannotFit.rawValue)
        ]
    }
}
