package import Store

/// Copies the database of a state folder, whether or not a daemon runs on it.
package enum StateBackup {
    /// Writes the copy under a temporary name and gives it its own once it is complete and on disk.
    /// - Throws: `StoreError`.
    package static func run(folder: String, to file: String) throws(StoreError) {
        try JobStore.backup(folder: folder, to: file)
    }
}
