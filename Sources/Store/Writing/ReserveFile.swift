import Glibc

/// A file of a few megabytes in the state folder that only takes room: when the disk is full it is given up, so that what
/// ends and moves jobs can still be committed, and made again when there is room.
struct ReserveFile: Sendable {
    static let fileName = "reserve"
    static let bytes = 4 << 20
    /// It is made only where so many times its size is free: or else it would itself be what fills the disk.
    private static let spare = 2

    private let folder: String
    /// Whether it is not there.
    private(set) var isGivenUp = true

    /// The reserve of a state folder, made where there is room for it.
    init(in folder: String) {
        self.folder = folder
        make()
    }

    private var path: String { folder + "/" + Self.fileName }

    /// Makes it, if there is room; whether it is there then.
    @discardableResult
    mutating func make() -> Bool {
        guard isGivenUp else { return true }
        var state = stat()
        if stat(path, &state) == 0, state.st_blocks * 512 >= Self.bytes {
            isGivenUp = false
            return true
        }
        var room = statvfs()
        guard statvfs(folder, &room) == 0, Int(room.f_bavail) * Int(room.f_frsize) >= Self.spare * Self.bytes else {
            return false
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        let failure = posix_fallocate(descriptor, 0, off_t(Self.bytes))
        close(descriptor)
        guard failure == 0 else {
            unlink(path)
            return false
        }
        isGivenUp = false
        return true
    }

    /// Gives it up; whether there was something to give.
    mutating func giveUp() -> Bool {
        guard !isGivenUp else { return false }
        isGivenUp = true
        return unlink(path) == 0
    }
}
