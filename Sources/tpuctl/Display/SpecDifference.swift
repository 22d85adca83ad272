import Formats
import OrderedCollections

/// A field in which two specifications differ.
struct SpecDifference: Equatable {
    /// The field.
    let pointer: JSONPointer
    /// What the first has there; nil: nothing.
    let old: JSON?
    /// What the second has there; nil: nothing.
    let new: JSON?

    /// All of them, as deep as both have objects, or lists of one length: in the first's order, then what only the second has.
    static func all(_ old: JSON, _ new: JSON, at pointer: JSONPointer = .root) -> [SpecDifference] {
        switch (old, new) {
        case (.object(let old), .object(let new)):
            let names = Array(old.keys) + new.keys.filter { old[$0] == nil }
            return names.flatMap { name -> [SpecDifference] in
                let place = pointer.appending(name)
                guard let left = old[name], let right = new[name] else {
                    return [SpecDifference(pointer: place, old: old[name], new: new[name])]
                }
                return all(left, right, at: place)
            }
        case (.array(let old), .array(let new)) where old.count == new.count:
            return zip(old, new).enumerated().flatMap { all($1.0, $1.1, at: pointer.appending($0)) }
        default: return old == new ? [] : [SpecDifference(pointer: pointer, old: old, new: new)]
        }
    }

    /// The JSON form; a side that has nothing lacks its member.
    var json: JSON {
        let members: OrderedDictionary<String, JSON?> = [
            "field": .string(pointer.description), "old": old, "new": new,
        ]
        return .object(members.compactMapValues(\.self))
    }
}
