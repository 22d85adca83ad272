import Glibc

/// A file that only its owner may change, and that not everybody may read.
enum SecretFile {
    /// Who else could change or read the file: the end of a sentence whose subject is the file. Nil when nobody could.
    static func danger(_ descriptor: Int32, _ path: String) -> String? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return "can't be looked at" }
        if status.st_mode & 0o002 != 0 { return "can be changed by everybody: chmod 600 \(path)" }
        if status.st_mode & 0o020 != 0 { return "can be changed by its group: chmod 640 \(path)" }
        if status.st_mode & 0o004 != 0 { return "can be read by everybody: chmod o= \(path)" }
        let user = geteuid()
        if user != 0, status.st_uid != 0, status.st_uid != user {
            return "belongs to user \(status.st_uid), neither to root nor to user \(user), whom tpud runs as: chown it"
        }
        return nil
    }
}
