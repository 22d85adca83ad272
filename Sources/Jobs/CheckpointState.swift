/// What is known of a recorded checkpoint. The raw value is its name on the wire and in the database.
package enum CheckpointState: String, CaseIterable, Hashable, Sendable {
    /// Its files are on disk as they were recorded, as far as is known.
    case good = "GOOD"
    /// Its files are not what was recorded: it is never served and nothing goes on from it.
    case damaged = "DAMAGED"
    /// Its files are being removed; it is listed no more.
    case deleting = "DELETING"
}
