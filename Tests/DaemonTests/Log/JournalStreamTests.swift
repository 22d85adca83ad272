import Daemon
import Glibc
import Testing

@Suite struct JournalStreamTests {
    @Test func aStreamIsTheJournalsByDeviceAndInode() {
        var pipe: [Int32] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        defer { pipe.forEach { close($0) } }
        var status = stat()
        #expect(fstat(pipe[1], &status) == 0)
        let (device, inode) = (status.st_dev, status.st_ino)
        for (value, isJournal) in [
            ("\(device):\(inode)", true), ("\(device):\(inode + 1)", false), ("\(inode)", false), ("", false),
        ] {
            #expect(JournalStream.isBehind(pipe[1], environment: ["JOURNAL_STREAM": value]) == isJournal, "\(value)")
        }
        #expect(!JournalStream.isBehind(pipe[1], environment: [:]))
        #expect(!JournalStream.isBehind(1_000_000, environment: ["JOURNAL_STREAM": "\(device):\(inode)"]))
    }
}
