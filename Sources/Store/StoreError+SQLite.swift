import GRDB

extension StoreError {
    /// What SQLite's error means here; an error of this type is passed on.
    package init(_ error: any Error) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .database(code: -1, "\(error)")
            return
        }
        let words = error.message ?? ""
        let code = Int(error.extendedResultCode.rawValue)
        if error.extendedResultCode == .SQLITE_IOERR_NOMEM {
            self = .resources(code: code, words)
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL: self = .diskFull
        case .SQLITE_NOMEM, .SQLITE_CANTOPEN: self = .resources(code: code, words)
        case .SQLITE_IOERR, .SQLITE_READONLY: self = .ioError(code: code, words)
        case .SQLITE_CONSTRAINT: self = .refused(words)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(words)
        default: self = .database(code: code, words)
        }
    }
}
