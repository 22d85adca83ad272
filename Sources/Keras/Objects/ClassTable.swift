import Formats

/// The classes of one kind that a member of a configuration may name, and how each is read.
struct ClassTable<Value>: Sendable {
    /// What one is called in messages: `constraint`.
    let noun: String
    /// By Keras' class.
    let readers: [String: @Sendable (ObjectReader) -> Value]
    /// Other names of the classes.
    let aliases: [String: String]

    /// Reads the member: a name, Keras' serialized form or the short form. Nil where it is not given or at fault.
    func read(_ reader: ObjectReader, _ name: String) -> Value? {
        guard let value = reader.value(name),
            let object = KerasObject(value, at: reader.pointer(to: name), what: "a \(noun)", faults: reader.faults)
        else { return nil }
        guard let read = readers[aliases[object.className] ?? object.className] else {
            object.refuse(
                noun, supported: Array(readers.keys) + aliases.keys, laterOnes: [], faults: reader.faults)
            return nil
        }
        let config = object.reader(reader.faults)
        let found = read(config)
        config.finish()
        return found
    }
}
