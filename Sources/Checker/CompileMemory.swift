import API
import Formats
import Jobs
import OrderedCollections

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
            files?.allSatisfy { path, stamp in FileStamp(of: path, under: dataRoots) == stamp } ?? false
        }
    }

    /// Entries that are kept.
    private static let largestCount = 256
    /// Bytes of text that are kept.
    private static let largestSize = 16 << 20
    /// Bytes of a training part that is worth keeping.
    private static let largestKey = 1 << 20

    /// In the order of their last use.
    private var entries: OrderedDictionary<[UInt8], Entry> = [:]
    private var size = 0

    /// What a specification's training part is found by: its text, and where its files lie. Nil for one that is too long
    /// to be kept.
    static func key(of members: OrderedDictionary<String, JSON>, dataRoots: [String]) -> [UInt8]? {
        var training = members
        for name in JobRequest.serviceFields { training[name] = nil }
        var key = JSON.object(training).serialized()
        guard key.count <= largestKey else { return nil }
        JSON(dataRoots).write(into: &key)
        return key
    }

    /// The entry for a key; nil when there is none, or its files have changed.
    mutating func entry(for key: [UInt8]) -> Entry? {
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        guard entry.isCurrent else {
            size -= Self.size(key, entry)
            return nil
        }
        entries[key] = entry
        return entry
    }

    /// Keeps an entry, and forgets those that were used longest ago.
    mutating func remember(_ entry: Entry, for key: [UInt8]) {
        if let earlier = entries.removeValue(forKey: key) { size -= Self.size(key, earlier) }
        entries[key] = entry
        size += Self.size(key, entry)
        while size > Self.largestSize || entries.count > Self.largestCount {
            let oldest = entries.removeFirst()
            size -= Self.size(oldest.key, oldest.value)
        }
    }

    private static func size(_ key: [UInt8], _ entry: Entry) -> Int {
        key.count + entry.training.count + (entry.plan?.count ?? 0)
    }
}
