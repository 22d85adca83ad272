import Formats

/// What a reader of one member makes of a value, with all faults.
///
/// - Parameters:
///   - name: the member's.
///   - read: from a configuration that has this member alone.
func readMember<Value>(
    _ value: JSON, _ name: String, _ read: (ObjectReader, String) -> Value?
) -> (value: Value?, faults: [String]) {
    let faults = SpecErrors()
    let reader = ObjectReader([name: value], faults: faults)
    let found = read(reader, name)
    reader.finish()
    return (found, faults.all.map(\.description))
}
