/// The members of a JSON object as a reader gives them out, so that a value tells its form once and each reader keeps
/// its own rules: one refuses what it was not asked for, another passes over it.
package protocol JSONMembers {
    /// What it throws for a member that is not there or has another type.
    associatedtype Failure: Error

    /// A string.
    mutating func string(_ name: String) throws(Failure) -> String
    /// A string; nil for null.
    mutating func optionalString(_ name: String) throws(Failure) -> String?
    /// A count, a step or a size.
    mutating func count(_ name: String) throws(Failure) -> Int
    /// A count, a step or a size; nil for null.
    mutating func optionalCount(_ name: String) throws(Failure) -> Int?
    /// A number; nil for null.
    mutating func optionalDouble(_ name: String) throws(Failure) -> Double?
    /// A number of at least 0; nil for null.
    mutating func optionalAmount(_ name: String) throws(Failure) -> Double?
    /// A number from 0 to 1; nil for null.
    mutating func optionalFraction(_ name: String) throws(Failure) -> Double?
}
