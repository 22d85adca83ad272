import Foundation
import Glibc
import Jobs
import Store
import Testing

@Suite struct StoreErrorTests {
    @Test func errorsOfTheMachineAreTold() {
        let conditions: [(StoreError, MachineCondition?)] = [
            (.ioError(code: 778, "disk I/O error"), .ioError), (.diskFull, .diskFull),
            (.resources(code: 7, "out of memory"), .resources), (.folder(call: "open", errno: EMFILE), .resources),
            (.folder(call: "write", errno: ENOSPC), .diskFull), (.folder(call: "fsync", errno: EIO), .ioError),
            (.folder(call: "open", errno: EACCES), nil), (.refused("x"), nil), (.closed, nil),
        ]
        for (error, condition) in conditions { #expect(error.condition == condition, "\(error)") }
    }

    /// What no full disk and no lack of memory explains says nothing of the machine.
    @Test func everyErrorIsASentence() {
        let id = TestStore.job(1).id
        let errors: [(StoreError, String)] = [
            (
                .folder(call: "access", errno: ENOENT),
                "the state folder can't be used: access: No such file or directory (2)"
            ),
            (.folderInUse(process: nil), "the state folder is in use by another tpud: two daemons must not use one"),
            (
                .folderInUse(process: 7),
                "the state folder is in use by another tpud (process 7): two daemons must not use one"
            ),
            (.newerDatabase(["a", "b"]), "the database was written by a newer tpud (a, b): install that, or a backup"),
            (.noSuchJob(id), "no job has the id \(id)"),
            (.versionConflict(id, expected: 1, found: 2), "job \(id) has version 2, not 1"),
            (.illegalTransition(id, from: .queued, to: .running), "job \(id) can't go from QUEUED to RUNNING"),
            (.staleAttempt(id, attempt: 3), "attempt 3 of job \(id) is not its live one"),
            (.notFinal(id, .paused), "job \(id) is PAUSED, and only a finished one can be deleted"),
            (.noSuchDelivery("msg_1"), "no delivery has the id \"msg_1\""),
            (.damagedJob(id, "x"), "the row of job \(id) can't be read: x"),
            (
                .setting(name: "synchronous", wanted: "FULL", got: "1"),
                "SQLite answered 1 when synchronous was set to FULL: commits would not be durable"
            ),
        ]
        for (error, words) in errors {
            #expect(error.description == words)
            #expect(error.condition == nil, "\(words)")
        }
    }

    @Test(arguments: [ENOSPC, EDQUOT, EIO, EROFS, EMFILE, ENFILE, ENOMEM, EAGAIN])
    func aCallOnTheFolderThatTheMachineFailed(errno: Int32) {
        #expect(StoreError.folder(call: "open", errno: errno).condition != nil)
    }
}
