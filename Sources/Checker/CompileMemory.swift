import API
import Formats
import Jobs
import OrderedCollections
import WorkerProtocol

/// What the training parts that were compiled last came to: a sweep, a test or a retry asks the same again and again.
///
/// An answer counts as long as the text, the data roots and the stamps of all files that were looked at are the same.
struct CompileMemory {
    /// A compiled training part.
    struct Entry: Sendable {
        var mode: JobMode
        var shards: Int?
        var deviceJob: String
        /// How many checkpoints are kept.
        var keepCheckpointMax: Int?
        /// The training fields with every default filled in: an object's text.
        var training: [UInt8]
        /// The plan, an object's text; nil where none was made.
        var plan: [UInt8]?
        /// The files that were looked at; nil where one of them had no stamp.
        var files: [String: FileStamp]?
        var dataRoots: [String]

        /// Whether every file is as it was.
        fileprivate var isCurrent: Bool {
            files.map { FileStamp.areCurrent($0, under: dataRoots) } ?? false
        }
    }

    /// Bytes of a training part that is worth keeping.
    private static let largestKey = 1 << 20

    private var entries = RecentlyUsed<String, Entry>(largestCount: 256, largestBytes: 16 << 20)

    /// What a specification's training part is found by: its text, where its files lie, the worker that its plan has to fit,
    /// and the programs that there are. Nil for one that is too long to be kept.
    static func key(of members: OrderedDictionary<String, JSON>, _ request: CheckRequest) -> String? {
        var training = members
        for name in JobRequest.serviceFields { training[name] = nil }
        var key = JSON.object(training).serialized()
        guard key.count <= largestKey else { return nil }
        JSON(request.dataRoots).write(into: &key)
        key += Array("\(request.worker.threads) \(request.worker.memoryBytes ?? 0)".utf8)
        JSON(request.worker.programs).write(into: &key)
        return String(decoding: key, as: UTF8.self)
    }

    /// The entry for a key; nil when there is none, or its files have changed.
    mutating func entry(for key: String) -> Entry? {
        guard let entry = entries.value(for: key) else { return nil }
        if entry.isCurrent { return entry }
        entries.remove(key)
        return nil
    }

    /// Keeps an entry, and forgets those that were used longest ago.
    mutating func remember(_ entry: Entry, for key: String) {
        entries.insert(entry, for: key, bytes: key.utf8.count + entry.training.count + (entry.plan?.count ?? 0))
    }
}
