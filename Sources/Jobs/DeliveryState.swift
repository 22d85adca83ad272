/// How far a delivery of a webhook is. The raw value is its name on the wire and in the database.
package enum DeliveryState: String, CaseIterable, Hashable, Sendable {
    /// It is to be tried, for the first time or again.
    case pending = "PENDING"
    /// The receiver has taken it.
    case delivered = "DELIVERED"
    /// It was tried as often as may be, or the receiver wants no more; it is tried again only when somebody asks for that.
    case dead = "DEAD"
}
