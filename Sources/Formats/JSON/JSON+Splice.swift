extension JSON {
    /// Adds a member to the text of an object, with its value's text as it is: what was written once is not read and
    /// written again.
    ///
    /// - Parameters:
    ///   - text: The text of a JSON value.
    ///   - object: The compact text of an object without a member of that name.
    package static func add(_ name: String, text: some Collection<UInt8>, to object: inout [UInt8]) {
        object.removeLast()
        object.reserveCapacity(object.count + text.count + name.utf8.count + 8)
        if object.count > 1 { object.append(UInt8(ascii: ",")) }
        JSON.string(name).write(into: &object)
        object.append(UInt8(ascii: ":"))
        object.append(contentsOf: text)
        object.append(UInt8(ascii: "}"))
    }
}
