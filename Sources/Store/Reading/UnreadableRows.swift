import Synchronization

/// Rows of a job that can't be read: each is left out, so that one does not take the others along, and told once.
final class UnreadableRows: Sendable {
    private let tell: @Sendable (StoreNotice) -> Void
    private let told = Mutex<Set<StoreNotice>>([])

    /// So many are remembered; past it they are told again.
    private static let memory = 1024

    init(tell: @escaping @Sendable (StoreNotice) -> Void) { self.tell = tell }

    /// What is read of a row; nil when that can't be.
    func readable<Value>(
        _ table: String, of job: String, _ read: () throws(StoreError) -> Value
    ) -> Value? {
        do throws(StoreError) {
            return try read()
        } catch {
            let notice = StoreNotice.unreadableRow(table: table, job: job, detail: "\(error)")
            let isNews = told.withLock { told in
                if told.count >= Self.memory { told.removeAll() }
                return told.insert(notice).inserted
            }
            if isNews { tell(notice) }
            return nil
        }
    }
}
