package import API
import Formats
package import Jobs
import Reactor
package import Store

extension Supervisor {
    /// Changes what an owner may change about a job. On the reactor.
    package func change(_ id: JobID, _ patch: JobPatch, _ request: Request) async throws -> Answer {
        while let record = try await store.job(id, withSpec: true) {
            try request.precondition(record)
            guard !record.state.isFinal || patch.names.allSatisfy(JobPatch.fieldsOfEnded.contains) else {
                return .illegal(record, allowed: [])
            }
            // A specification may have megabytes.
            let change = try await DiskWork.run { try JobChange(patch, of: record) }
            guard !change.isEmpty else { return try await keep(request, 200, record) { .already($0) } }
            let kept: Kept<JobRecord>
            do throws(StoreError) {
                kept = try await store.change(
                    id, version: record.version, to: change, at: services.clock.wall(),
                    promise: request.promise?(200, change.spec), audit: request.audit)
            } catch {
                guard case .versionConflict = error else { throw error }
                continue
            }
            if case .done(let job) = kept { await changed(job, change) }
            return Answer(kept) { .changed($0) }
        }
        return .unknown
    }

    /// Lets a change take hold of what runs and of what waits.
    private func changed(_ job: JobRecord, _ change: JobChange) async {
        services.announce(job)
        if change.maxRunSeconds != nil { changeRunLimit(of: job.id, to: job.maxRunSeconds) }
        if change.keepCheckpointMax != nil { await services.checkpoints.prune(job) }
        wake()
    }

    /// Removes a job that has ended, with its folder. On the reactor.
    package func delete(_ id: JobID, _ request: Request) async throws -> Answer {
        while let record = try await store.job(id) {
            try request.precondition(record)
            let machine = JobMachine(state: record.state, intent: record.stopIntent, isHeld: record.isHeld)
            guard record.state.isFinal else { return .illegal(record, allowed: machine.allowed) }
            let folders = DeletedFolders(stateFolder: store.path)
            // Out of the way first: whatever comes between, the next start finds a folder for each record or none.
            try await DiskWork.run { try folders.setAside(record.modelDir, of: id) }
            do throws(StoreError) {
                let now = services.clock.wall()
                try await store.delete(id, version: record.version, audit: request.audit.map { ($0, now) })
            } catch {
                try await DiskWork.run { try folders.bringBack(record.modelDir, of: id) }
                if case .versionConflict = error { continue }
                if case .noSuchJob = error { return .unknown }
                throw error
            }
            services.waiting.jobChanged(id)
            services.waiting.logGrew(id)
            removeLater(id, folders)
            return .changed(record)
        }
        return .unknown
    }

    /// A folder may have gigabytes: nobody waits for it. What is left of one is removed at the next start.
    private func removeLater(_ id: JobID, _ folders: DeletedFolders) {
        Task(executorPreference: reactor) { [services] in
            do {
                try await DiskWork.run { try folders.remove(id) }
            } catch {
                services.complain(
                    "folder of \(id)", "the folder of the deleted job \(id) could not be removed: \(error)")
            }
        }
    }
}

extension JobChange {
    /// What a patch changes about a job; nothing where it asks for what is so already. Reads the whole specification.
    /// - Throws: `Problem` of 422 when it would have too many labels; `JSONError`.
    package init(_ patch: JobPatch, of job: JobRecord) throws {
        self.init()
        let labels = patch.labels(of: job.labels)
        let most = JobRequest.Limits.labels
        guard labels.count <= most else {
            let faults = SpecErrors()
            faults.add(JSONPointer(tokens: ["labels"]), "must leave at most \(most) labels, not \(labels.count)")
            throw Problem(patchFaults: faults.all)
        }
        if let priority = patch.priority, priority != job.priority { self.priority = priority }
        if labels != job.labels { self.labels = labels }
        if let seconds = patch.maxRunSeconds, seconds != job.maxRunSeconds { maxRunSeconds = .some(seconds) }
        if let count = patch.keepCheckpointMax, count != job.keepCheckpointMax { keepCheckpointMax = count }
        guard !isEmpty, let spec = job.spec else { return }
        let changed = patch.specification(changing: try JSON(parsing: spec, limits: .own), labels: labels)
        self.spec = String(decoding: changed.serialized(), as: UTF8.self)
    }
}
