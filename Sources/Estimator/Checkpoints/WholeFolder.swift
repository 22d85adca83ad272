/// A folder that has its name only once all of it is on the disk: a checkpoint, an exported model.
///
/// Its files go to a folder with a temporary name beside it; every file is synchronized; then the folder gets its final name
/// and the parent is synchronized. A crash at any moment leaves either the whole or what had that name before.
struct WholeFolder {
    private let name: String
    private let parent: String
    private let files: any CheckpointFiles

    private var path: String { "\(parent)/\(name)" }
    private var unfinished: String { "\(parent)/.\(name)\(CheckpointLayout.unfinishedSuffix)" }

    /// Begins a folder in another one, which need not exist yet, and removes what was left unfinished beside it.
    init(_ name: String, in parent: String, files: any CheckpointFiles) throws(CheckpointFileError) {
        self.name = name
        self.parent = parent
        self.files = files
        try files.makeFolder(parent)
        for name in try files.names(in: parent) where name.hasSuffix(CheckpointLayout.unfinishedSuffix) {
            try Self.remove("\(parent)/\(name)", files: files)
        }
        try files.makeFolder(unfinished)
    }

    /// Writes a file.
    func write(_ bytes: [UInt8], as name: String) throws(CheckpointFileError) {
        try files.write(bytes, to: "\(unfinished)/\(name)")
        try files.synchronize("\(unfinished)/\(name)")
    }

    /// Gives the folder its name, in one step also where there is one of that name. All of it is on the disk then.
    func publish() throws(CheckpointFileError) {
        try files.synchronize(unfinished)
        let exists = try files.names(in: parent).contains(name)
        if exists {
            try files.exchange(unfinished, with: path)
        } else {
            try files.rename(unfinished, to: path)
        }
        try files.synchronize(parent)
        // An earlier process may have made the parent and ended before it was safe.
        try files.synchronize("\(parent)/..")
        if exists { try Self.remove(unfinished, files: files) }
    }

    /// Removes a folder of files. The manifest goes first: what is left of a removal that was cut short never passes for a
    /// checkpoint.
    static func remove(_ path: String, files: any CheckpointFiles) throws(CheckpointFileError) {
        try files.removeFile("\(path)/\(CheckpointLayout.manifest)")
        for name in try files.names(in: path) { try files.removeFile("\(path)/\(name)") }
        try files.removeFolder(path)
    }
}
