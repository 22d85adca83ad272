/// The migration "5-hosts": what an operator said of the pod's hosts. A host without a row is UP.
enum HostsSchema {
    static let statements = [
        "CREATE TABLE host_states (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
        "INSERT INTO host_states(word) VALUES ('UP'), ('DRAINING'), ('DOWN')",
        """
        CREATE TABLE hosts (
          host INTEGER NOT NULL PRIMARY KEY CHECK (host BETWEEN 0 AND 255),
          state TEXT NOT NULL REFERENCES host_states(word),
          changed_at INTEGER NOT NULL
        ) STRICT
        """,
    ]
}
