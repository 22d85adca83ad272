package import Jobs
import GRDB

/// What came of an operator's request about a host.
package struct HostChange: Hashable, Sendable {
    /// The host's number.
    package var host: Int
    /// Its state before.
    package var from: HostState
    /// Its state after, which may be the same.
    package var to: HostState

    /// Makes a change.
    package init(host: Int, from: HostState, to: HostState) {
        self.host = host
        self.from = from
        self.to = to
    }
}

extension JobStore {
    /// The states of hosts by their numbers; one that is not there is UP. Hosts that the pod does not have any more may be
    /// among them.
    package func hostStates() async throws(StoreError) -> [Int: HostState] {
        try await read { db in
            var states: [Int: HostState] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT host, state FROM hosts") {
                states[row["host"]] = try RowReader(row).word("state")
            }
            return states
        }
    }

    /// Does what an operator asks of a host; durable when it returns.
    ///
    /// - Parameters:
    ///   - promise: nil for a request without a key.
    ///   - audit: Who asks; nil, the default, where nobody does.
    /// - Throws: `illegalHostVerb` when its state does not allow that.
    package func ask(
        _ verb: HostVerb, ofHost host: Int, at: Timestamp, promise: ReplyPromise<HostChange>? = nil,
        audit: AuditMark? = nil
    ) async throws(StoreError) -> Kept<HostChange> {
        try await writer.write(isVital: true) { db, _ in
            try Self.keeping(promise, of: nil, at: at, in: db) {
                let statement = try db.cachedStatement(sql: "SELECT state FROM hosts WHERE host = ?")
                let row = try Row.fetchOne(statement, arguments: [host])
                let state: HostState = try row.map { try RowReader($0).word("state") } ?? .up
                switch verb.action(in: state) {
                case .already: return HostChange(host: host, from: state, to: state)
                case .illegal: throw StoreError.illegalHostVerb(host: host, state)
                case .move(let next):
                    try db.cachedStatement(
                        sql: """
                            INSERT INTO hosts(host, state, changed_at) VALUES (?, ?, ?)
                            ON CONFLICT (host) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
                            """
                    ).execute(arguments: [host, next.rawValue, at.microseconds])
                    try Self.audit(audit, host: host, result: next.rawValue, at: at, in: db)
                    return HostChange(host: host, from: state, to: next)
                }
            }
        }
    }
}
