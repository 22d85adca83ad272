import Formats
import Glibc
import Testing

@Suite struct SystemCallErrorTests {
    /// Words for people: never a number of the system's.
    @Test func errnoHasWords() {
        let table: [(Int32, String)] = [
            (EACCES, "the daemon may not read it"), (EPERM, "the daemon may not read it"),
            (ELOOP, "there are too many links"), (EMFILE, "too many files are open"),
            (ENFILE, "too many files are open"), (ENAMETOOLONG, "the name is too long"),
            (EIO, "the disk can't be read"), (ENOSPC, "No space left on device"), (ENXIO, "No such device or address"),
        ]
        for (reason, words) in table { #expect(FormatError.words(reason) == words) }
        for reason in [9999, -1, .max] as [Int32] { #expect(FormatError.words(reason).hasPrefix("Unknown error")) }
    }

    /// Whoever answers can tell a refused call from a fault of the file.
    @Test func errorsKeepErrno() {
        func systemError(_ path: String) -> Int32? {
            do {
                _ = try OpenFile(path: path)
                return nil
            } catch {
                return (error as any SystemCallError).systemError
            }
        }
        #expect(systemError("/nowhere/at/all") == ENOENT)
        #expect(systemError("/" + String(repeating: "a", count: 300)) == ENAMETOOLONG)
        #expect(systemError("/dev/null") == nil)
        #expect(systemError("/etc") == nil)
    }
}
