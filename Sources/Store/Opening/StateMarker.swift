import Glibc

/// The file of the state folder that says which database belongs to it. Who finds it without that database, or with an
/// older one, must not begin with an empty one as if there had never been jobs.
struct StateMarker: Equatable {
    /// The database's id.
    var id: String
    /// How many migrations it had.
    var schema: Int
    /// A number that grows with every opening and every clean end.
    var generation: Int

    static let fileName = "marker"

    /// Reads it; nil when there is none.
    ///
    /// - Throws: `folder` when it can't be read, `lostDatabase` when it makes no sense.
    static func read(in folder: String) throws(StoreError) -> StateMarker? {
        let descriptor = open(folder + "/" + fileName, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .folder(call: "open", errno: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { throw .folder(call: "read", errno: errno) }
        var values: [Substring: Substring] = [:]
        for line in String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { values[words[0]] = words[1] }
        }
        guard let id = values["id"], let schema = values["schema"].flatMap({ Int($0) }),
            let generation = values["generation"].flatMap({ Int($0) })
        else { throw .lostDatabase(.unreadableMarker) }
        return StateMarker(id: String(id), schema: schema, generation: generation)
    }

    /// Writes it: complete and on disk, or as it was.
    func write(in folder: String) throws(StoreError) {
        let text = """
            # Which database belongs to this folder: see docs/operating.md before you change or remove this file.
            id \(id)
            schema \(schema)
            generation \(generation)

            """
        let (name, new) = (folder + "/" + Self.fileName, folder + "/" + Self.fileName + ".new")
        let descriptor = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .folder(call: "open", errno: errno) }
        let bytes = Array(text.utf8)
        let written = Glibc.write(descriptor, bytes, bytes.count)
        let reason = errno
        let synchronized = written == bytes.count ? fsync(descriptor) : 0
        let other = errno
        close(descriptor)
        guard written == bytes.count else { throw .folder(call: "write", errno: written < 0 ? reason : ENOSPC) }
        guard synchronized == 0 else { throw .folder(call: "fsync", errno: other) }
        guard rename(new, name) == 0 else { throw .folder(call: "rename", errno: errno) }
        try StateFolder.synchronize(folder: folder)
    }
}

/// How a database is not the one that the folder's marker names.
package enum LostDatabase: Hashable, Sendable {
    /// There is none.
    case missing
    /// Its file is empty.
    case empty
    /// It is another one.
    case another
    /// It is older: a copy of an earlier time.
    case older(generation: Int, marker: Int)
    /// The marker itself makes no sense.
    case unreadableMarker
}

extension LostDatabase: CustomStringConvertible {
    /// One sentence for people, with the way out.
    package var description: String {
        let file = JobStore.fileName
        let found =
            switch self {
            case .missing: "the database \(file) is missing from the state folder"
            case .empty: "the database \(file) in the state folder is empty"
            case .another: "the database \(file) in the state folder is another one than its file \"marker\" names"
            case .older(let generation, let marker):
                "the database \(file) in the state folder is older (generation \(generation)) than its file \"marker\" "
                    + "says (\(marker))"
            case .unreadableMarker: "the file \"marker\" in the state folder can't be understood"
            }
        let out =
            switch self {
            case .missing, .empty: "restore a backup, then remove the file \"marker\"; or remove it to start afresh"
            case .another, .older, .unreadableMarker:
                "put the right database back, or remove the file \"marker\" to go on with this one"
            }
        return "\(found): \(out)"
    }
}
