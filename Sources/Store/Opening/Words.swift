import GRDB
import Jobs

/// Keeps the database's tables of words and of transitions equal to the code's. A word that the code does not know any
/// more stays, as rows may hold it; a transition goes.
enum Words {
    static func synchronize(in db: Database) throws {
        for state in JobState.allCases {
            try db.execute(
                sql: """
                    INSERT INTO states(word, is_final, holds_resources) VALUES (?, ?, ?)
                    ON CONFLICT (word) DO UPDATE SET is_final = excluded.is_final,
                      holds_resources = excluded.holds_resources
                    """,
                arguments: [state.rawValue, state.isFinal, state.holdsResources])
        }
        try insert(JobMode.self, into: "modes", in: db)
        try insert(AttemptOutcome.self, into: "outcomes", in: db)
        try insert(StopIntent.self, into: "intents", in: db)
        try insert(CheckpointState.self, into: "checkpoint_states", in: db)
        try insert(HostState.self, into: "host_states", in: db)
        try insert(DeliveryState.self, into: "delivery_states", in: db)
        let stored = Set(
            try Row.fetchAll(db, sql: "SELECT from_state, to_state FROM transitions").map {
                [$0[0] as String, $0[1] as String]
            })
        let wanted = Set(TransitionTable.rows.map { [$0.from.rawValue, $0.to.rawValue] })
        for row in stored.subtracting(wanted) {
            try db.execute(
                sql: "DELETE FROM transitions WHERE from_state = ? AND to_state = ?",
                arguments: StatementArguments(row))
        }
        for row in wanted.subtracting(stored) {
            try db.execute(
                sql: "INSERT INTO transitions(from_state, to_state) VALUES (?, ?)", arguments: StatementArguments(row))
        }
    }

    private static func insert<Word: RawRepresentable<String> & CaseIterable>(
        _ words: Word.Type, into table: String, in db: Database
    ) throws {
        for word in words.allCases {
            try db.execute(sql: "INSERT OR IGNORE INTO \(table)(word) VALUES (?)", arguments: [word.rawValue])
        }
    }
}
