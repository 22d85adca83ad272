import Formats
import Synchronization
import WorkerProtocol

/// The texts that were accepted last: a sweep, a test or a retry posts the same one again and again, and then no check
/// is needed.
///
/// What was found holds as long as the settings and the files that were looked at are the same. A link under a data root
/// that leads somewhere else by now, to the same file, is found out by the worker.
package final class AcceptedSpecifications: Sendable {
    /// The settings that a finding depends on.
    package struct Settings: Sendable, Equatable {
        var dataRoots: [String]
        var largestSpecification: Int
        var programs: Set<String>

        /// Those of a configuration.
        package init(_ configuration: Configuration) {
            dataRoots = configuration.dataRoots
            largestSpecification = configuration.maxSpecBytes
            programs = Set(configuration.programs.keys)
        }
    }

    private struct Memory {
        var settings: Settings?
        /// By the digest of the text.
        var entries = RecentlyUsed<String, AcceptedSpecification>(
            largestCount: AcceptedSpecifications.largestCount, largestBytes: AcceptedSpecifications.largestBytes)
    }

    /// Bytes of a text that is worth a digest.
    package static let longestText = 1 << 20
    /// Specifications that are kept.
    package static let largestCount = 1024
    /// Bytes of their texts.
    package static let largestBytes = 8 << 20

    private let memory = Mutex(Memory())

    /// Nothing is remembered.
    package init() {}

    /// What was accepted before for a text with this digest; nil when there is none, or it may not hold any more. Looks
    /// at files where the specification names some, on a thread for that.
    package func specification(for digest: String, _ settings: Settings) async throws -> AcceptedSpecification? {
        let known = memory.withLock { memory in
            memory.settings == settings ? memory.entries.value(for: digest) : nil
        }
        guard let known, let files = known.passed.files else { return nil }
        if files.isEmpty { return known }
        let isCurrent = try await DiskWork.run { FileStamp.areCurrent(files, under: settings.dataRoots) }
        return isCurrent ? known : nil
    }

    /// Keeps one, and forgets those that were used longest ago.
    package func remember(_ specification: AcceptedSpecification, for digest: String, _ settings: Settings) {
        // A plan is large and asked for by dry runs alone.
        guard specification.passed.files != nil, specification.passed.plan == nil else { return }
        memory.withLock { memory in
            if memory.settings != settings { memory = Memory(settings: settings) }
            // What the rest of it takes is about a kilobyte.
            memory.entries.insert(specification, for: digest, bytes: specification.passed.specification.count + 1024)
        }
    }
}
