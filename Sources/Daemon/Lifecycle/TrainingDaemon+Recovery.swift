import API
import Jobs
import Logging
import Reactor
import Store

extension TrainingDaemon {
    /// Takes up what the last daemon left, and holds what has ended the daemon again and again.
    func recover(_ store: JobStore) async throws {
        let unclean = await countStart(in: store.path)
        let recovered = try await store.recover(at: parts.clock.wall())
        for job in recovered {
            parts.log.notice("job \(job.job) was \(job.from.rawValue) when the daemon ended; it is \(job.to.rawValue)")
        }
        var held: [JobRecord] = []
        if let limit = configuration.maxUncleanStarts, unclean >= limit {
            // The newest first: it is the likeliest to be at fault.
            let suspects = recovered.filter { $0.to == .queued }.map(\.job).sorted(by: >)
            held = try await store.hold(suspects, at: parts.clock.wall())
            for job in held {
                parts.log.warning(
                    "job \(job.id) is held: it ran when the daemon ended, which it did \(unclean) times without a clean stop; POST /v1/jobs/\(job.id)/resume releases it"
                )
            }
        }
        parts.log.notice(
            "tpud \(Build.number): state folder \(store.path), data roots \(configuration.dataRoots), pod \(configuration.pod.name), \(recovered.count) jobs recovered, \(held.count) of them held, \(unclean) starts before this one without a clean stop"
        )
    }

    /// Ends what the last daemon's end cut short: folders of jobs that are gone are removed, and those whose record stayed
    /// are put back. A folder that can't be is left for the next start.
    func endDeletions(_ store: JobStore) async {
        let folders = DeletedFolders(stateFolder: store.path)
        do {
            for id in try await DiskWork.run({ try folders.all() }) {
                let job = try await store.job(id)
                try await DiskWork.run {
                    if let job { try folders.bringBack(job.modelDir, of: id) } else { try folders.remove(id) }
                }
            }
        } catch {
            parts.log.error("folders of deleted jobs could not be removed: \(error)")
        }
    }

    /// Counts this start on disk; how many before it no clean stop has followed. A disk that can't be written must not
    /// keep the daemon from serving.
    private func countStart(in folder: String) async -> Int {
        do {
            return try await DiskWork.run { try StartCount.begin(in: folder) }
        } catch {
            parts.log.error("this start was not counted: \(error)")
            return StartCount.read(in: folder)
        }
    }

    /// Forgets the starts: the daemon stops cleanly, or has served for long.
    func forgetStarts(in folder: String) async {
        do {
            try await DiskWork.run { try StartCount.clear(in: folder) }
        } catch {
            parts.log.error("the starts without a clean stop could not be forgotten: \(error)")
        }
    }

    /// A daemon that has served for so long is in no loop of crashes.
    static let quietTime = Duration.seconds(600)
}
