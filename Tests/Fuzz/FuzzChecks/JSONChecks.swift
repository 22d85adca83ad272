import Formats

/// JSON: what was read, written anew in either way, is read as the same value.
enum JSONChecks {
    static func broken(by input: [UInt8]) -> String? {
        if let text = String(validating: input, as: UTF8.self), let pointer = JSONPointer(text),
            pointer.description.utf8.elementsEqual(text.utf8) == false
        {
            return "the pointer \(text) is \(pointer.description)"
        }
        guard let json = try? JSON(parsing: input) else { return nil }
        for pretty in [false, true] {
            let text = json.serialized(pretty: pretty)
            guard (try? JSON(parsing: text)) == json else {
                return "\(String(decoding: text, as: UTF8.self)) is not read as the value that it was written of"
            }
        }
        guard let number = json.number else { return nil }
        if let whole = number.int, let double = number.double, Double(whole) != double {
            return "the number is \(whole) and \(double)"
        }
        return nil
    }
}
