import Glibc

/// A file of a few megabytes in the state folder that only takes room. When the disk is full it is given up part by part,
/// each for a transaction that ends or moves jobs, since what is free may be taken by others at once; it is made whole
/// again when there is room.
struct ReserveFile: Sendable {
    static let fileName = "reserve"
    static let bytes = 4 << 20
    /// What is given up at a time.
    private static let part = bytes / 8
    /// It is made only where so many times its size is free: or else it would itself be what fills the disk.
    private static let spare = 2

    private let folder: String
    /// How many bytes of it there are.
    private var size = 0

    /// The reserve of a state folder, made where there is room for it.
    init(in folder: String) {
        self.folder = folder
        var state = stat()
        if stat(path, &state) == 0 { size = min(Int(state.st_blocks) * 512, Self.bytes) }
        make()
    }

    private var path: String { folder + "/" + Self.fileName }

    /// Whether all of it is there.
    var isWhole: Bool { size == Self.bytes }

    /// Whether the disk has room for more than the reserve.
    var hasRoom: Bool {
        var room = statvfs()
        return statvfs(folder, &room) == 0 && Int(room.f_bavail) * Int(room.f_frsize) >= Self.spare * Self.bytes
    }

    /// Makes it whole, if there is room; whether it is whole then.
    @discardableResult
    mutating func make() -> Bool {
        guard !isWhole else { return true }
        guard hasRoom else { return false }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        guard posix_fallocate(descriptor, 0, off_t(Self.bytes)) == 0 else { return false }
        size = Self.bytes
        return true
    }

    /// Gives a part of it up; whether there was one to give.
    mutating func release() -> Bool {
        guard size > 0 else { return false }
        size = max(0, size - Self.part)
        return size == 0 ? unlink(path) == 0 : truncate(path, off_t(size)) == 0
    }
}
