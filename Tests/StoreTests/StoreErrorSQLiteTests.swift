import GRDB
import Store
import Testing

@Suite struct StoreErrorSQLiteTests {
    @Test(arguments: [
        (ResultCode.SQLITE_FULL, StoreError.diskFull), (.SQLITE_NOMEM, .resources(code: 7, "words")),
        (.SQLITE_CANTOPEN, .resources(code: 14, "words")), (.SQLITE_IOERR, .ioError(code: 10, "words")),
        (.SQLITE_IOERR_FSYNC, .ioError(code: 1034, "words")), (.SQLITE_READONLY, .ioError(code: 8, "words")),
        // Of the disk's errors, one is the memory's.
        (.SQLITE_IOERR_NOMEM, .resources(code: 3082, "words")),
        (.SQLITE_CONSTRAINT, .refused("words")), (.SQLITE_CONSTRAINT_CHECK, .refused("words")),
        (.SQLITE_CORRUPT, .damaged("words")), (.SQLITE_NOTADB, .damaged("words")),
        (.SQLITE_BUSY, .database(code: 5, "words")), (.SQLITE_ERROR, .database(code: 1, "words")),
    ])
    func whatSQLitesCodesMean(code: ResultCode, error: StoreError) {
        #expect(StoreError(DatabaseError(resultCode: code, message: "words")) == error)
    }

    @Test func anErrorOfTheStoresIsPassedOnAndAnyOtherIsTold() {
        struct Other: Error {}
        #expect(StoreError(StoreError.closed) == .closed)
        #expect(StoreError(Other()) == .database(code: -1, "Other()"))
        #expect(StoreError(DatabaseError(resultCode: .SQLITE_CONSTRAINT)).description.hasPrefix("the database refused"))
    }
}
