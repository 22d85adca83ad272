import Foundation
import Jobs
import Store
import Synchronization

/// Counts steps, holds the writer at the first `begin` until it is let go, and fails at a step when told.
final class StoreGate: Sendable {
    private let counts = Mutex<[StoreStep: Int]>([:])
    private let gate = DispatchSemaphore(value: 0)
    private let failAt = Mutex<StoreStep?>(nil)
    let holdsFirst: Bool

    init(holdsFirst: Bool = false) { self.holdsFirst = holdsFirst }

    func open() { gate.signal() }
    func fail(at step: StoreStep?) { failAt.withLock { $0 = step } }
    func count(_ step: StoreStep) -> Int { counts.withLock { $0[step] ?? 0 } }

    func pass(_ step: StoreStep) throws(StoreError) {
        let number = counts.withLock { counts in
            counts[step, default: 0] += 1
            return counts[step] ?? 0
        }
        if holdsFirst && step == .begin && number == 1 { gate.wait() }
        if failAt.withLock({ $0 }) == step { throw .injected(step) }
    }

    /// Submits jobs so that all but the first wait together; answers in the order of the numbers.
    func submitTogether(
        _ jobs: [NewJob], to store: JobStore
    ) async -> [Result<Submission, StoreError>] {
        await withTaskGroup(of: (Int, Result<Submission, StoreError>).self) { group in
            for (index, job) in jobs.enumerated() {
                // The first is to be at the gate by itself.
                while index == 1, count(.begin) == 0 { await Task.yield() }
                group.addTask { (index, await Self.outcome(of: job, store)) }
            }
            group.addTask {
                while store.waitingWrites < jobs.count - 1 { await Task.yield() }
                self.open()
                return (-1, .failure(.closed))
            }
            var results: [Int: Result<Submission, StoreError>] = [:]
            for await (index, result) in group { results[index] = result }
            return jobs.indices.map { results[$0] ?? .failure(.closed) }
        }
    }

    private static func outcome(of job: NewJob, _ store: JobStore) async -> Result<Submission, StoreError> {
        do throws(StoreError) {
            let submission = try await store.submit(job)
            return .success(submission)
        } catch {
            return .failure(error)
        }
    }
}
