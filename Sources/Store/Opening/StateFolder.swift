import Glibc

/// The daemon's state folder with its lock: whoever holds this value owns the folder.
struct StateFolder: ~Copyable {
    /// The folder's path.
    let path: String
    private let descriptor: Int32

    /// Makes the folder where it is missing (mode 0700) and locks it.
    ///
    /// The lock is `flock`'s on the folder itself, which the kernel gives back when the process ends in whatever way. The
    /// file `lock` tells the process id and locks nothing: removing it lets nobody in.
    init(locking path: String) throws(StoreError) {
        descriptor = try Self.lock(path)
        self.path = path
    }

    deinit {
        // By itself, as a child that was forked just now still has a copy of the descriptor, with which the lock would
        // stay until it runs its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Makes the names in the folder durable.
    func synchronize() throws(StoreError) { try Self.synchronize(folder: path) }

    /// Makes the names in a folder durable.
    static func synchronize(folder path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .folder(call: "open", errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .folder(call: "fsync", errno: errno) }
    }

    private static func lock(_ path: String) throws(StoreError) -> Int32 {
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw .folder(call: "mkdir", errno: errno) }
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .folder(call: "open", errno: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            throw reason == EWOULDBLOCK ? .folderInUse(process: holder(path)) : .folder(call: "flock", errno: reason)
        }
        // Only for the message of the one who comes second: a disk that is full must not keep a daemon from starting.
        let text = Array("\(getpid())\n".utf8)
        let file = open(path + "/lock", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        if file >= 0 {
            _ = write(file, text, text.count)
            close(file)
        }
        return descriptor
    }

    /// The process that the file `lock` names.
    private static func holder(_ path: String) -> Int? {
        let descriptor = open(path + "/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = read(descriptor, &bytes, bytes.count)
        return Int(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self))
    }
}
