package import OrderedCollections

/// Reads the members of one JSON object as typed values and collects what is wrong instead of stopping.
///
/// Every accessor names a member, which makes the name known; ``finish()`` then reports the members that nobody asked
/// for, with the nearest known name. A member that is `null` counts as not given. After a fault an accessor returns
/// the default or nil, so that reading can go on and find the rest.
package final class ObjectReader {
    /// Where the object is.
    package let pointer: JSONPointer
    /// Where faults go; shared by all readers of a document.
    package let faults: SpecErrors
    /// The members; empty when the value was not an object.
    package let members: OrderedDictionary<String, JSON>
    /// Whether the value was an object; if not, that is the only fault reported of it.
    package let isObject: Bool
    /// The names that somebody asked for.
    private var known: [String] = []
    /// Which of the members somebody asked for.
    private var isKnown: [Bool]
    /// The names that are not supported yet, each with the values that are taken all the same.
    private var later: [(name: String, allowed: [JSON])] = []

    /// A reader for the value at `pointer`; a value that is not an object is a fault.
    ///
    /// - Parameter example: an object as it may be written, for the words of that fault; default none is shown.
    package init(
        _ value: JSON, at pointer: JSONPointer = .root, example: @autoclosure () -> JSON? = nil, faults: SpecErrors
    ) {
        self.pointer = pointer
        self.faults = faults
        isObject = value.object != nil
        members = value.object ?? [:]
        isKnown = [Bool](repeating: false, count: members.count)
        if !isObject {
            let like = example().map { " such as \($0.text)" } ?? ""
            faults.add(pointer, "must be an object\(like), not \(value.inWords)")
        }
    }

    // MARK: Any value

    /// Makes names known that something else reads.
    package func accept(_ names: String...) { accept(names) }

    /// Makes names known that something else reads.
    package func accept(_ names: [String]) {
        known += names
        for name in names { note(name, .known) }
        for (index, name) in members.keys.enumerated() where !isKnown[index] { isKnown[index] = names.contains(name) }
    }

    /// Whether the member is given and not null.
    package func has(_ name: String) -> Bool { value(name) != nil }

    /// The member as it is; nil when it is not given or null. With `required`, its absence is a fault.
    package func value(_ name: String, required: Bool = false) -> JSON? {
        if required { note(name, .required) }
        if let value = member(name), !value.isNull { return value }
        if required, isObject { faults.add(pointer.appending(name), "is required") }
        return nil
    }

    /// Where the member is.
    package func pointer(to name: String) -> JSONPointer { pointer.appending(name) }

    /// Reports a fault of the member.
    package func fault(_ name: String, _ detail: String, code: String? = nil) {
        _ = member(name)
        faults.add(pointer.appending(name), detail, code: code)
    }

    /// Reports a fault of the object itself.
    package func fault(_ detail: String, code: String? = nil) {
        faults.add(pointer, detail, code: code)
    }

    /// Refuses the member, with the code NOT_SUPPORTED, unless it is not given, null or one of the values that change
    /// nothing.
    package func notSupported(_ name: String, unless allowed: JSON..., because: String? = nil) {
        later.append((name, allowed))
        note(name, .value(["enum": .array(allowed + [nil])]))
        guard let value = value(name), !allowed.contains(value) else { return }
        fault(name, "is not supported yet\(because.map { ": \($0)" } ?? "")", code: SpecError.notSupported)
    }

    /// Reports the members that nobody asked for, each with the place that it has elsewhere in a job, or with the nearest
    /// known name.
    package func finish() {
        for (index, name) in members.keys.enumerated() where !isKnown[index] {
            if faults.isFull {
                faults.addUntold()
                continue
            }
            let elsewhere = FieldLocations.of(name, notIn: pointer)
            if !elsewhere.isEmpty {
                let later = FieldLocations.later.contains(name) ? ", where it is not supported yet" : ""
                faults.add(
                    pointer.appending(name), "is not a known field here; it belongs at \(elsewhere.inWords)\(later)")
                continue
            }
            faults.add(pointer.appending(name), "is not a known field\(hint(for: name))")
        }
    }

    /// The name that may be meant by one that is not known; a field that is still missing is the likelier meaning.
    private func hint(for name: String) -> String {
        let value = members[name] ?? .null
        let refused = later.filter { !$0.allowed.contains(value) }.map(\.name).sorted()
        let accepted = known.filter { !refused.contains($0) }
        let missing = accepted.filter { members[$0] == nil }
        return faults.nearest(to: name, among: missing + accepted.filter { members[$0] != nil }, later: refused)
    }

    // MARK: Plain values

    /// A string of at most `maxLength` characters (default no limit) without hidden ones (``HiddenCharacter``): a name,
    /// a path, a word. Nil when not given or wrong.
    package func string(_ name: String, required: Bool = false, maxLength: Int = .max) -> String? {
        note(name, .value(.strings(maxLength)))
        return read(name, required) { self.element($0, at: $1, maxLength: maxLength) }
    }

    /// A string of at most `maxLength` characters (default no limit).
    package func string(_ name: String, default fallback: String, maxLength: Int = .max) -> String {
        note(name, .preset(JSON(fallback)))
        return string(name, maxLength: maxLength) ?? fallback
    }

    /// A truth value; nil when not given or wrong.
    package func bool(_ name: String, required: Bool = false) -> Bool? {
        note(name, .value(["type": "boolean"]))
        return read(name, required) { value, pointer in
            value.bool ?? self.wrong(pointer, "must be true or false", value)
        }
    }

    /// A truth value.
    package func bool(_ name: String, default fallback: Bool) -> Bool {
        note(name, .preset(JSON(fallback)))
        return bool(name) ?? fallback
    }

    /// A whole number in the range (default all); nil when not given or wrong. `128.0` is the whole number 128.
    package func int(_ name: String, required: Bool = false, in range: ClosedRange<Int> = .min ... .max) -> Int? {
        note(name, .value(range.schema))
        return read(name, required) { self.element($0, at: $1, in: range) }
    }

    /// A whole number in the range (default all).
    package func int(_ name: String, default fallback: Int, in range: ClosedRange<Int> = .min ... .max) -> Int {
        note(name, .preset(JSON(fallback)))
        return int(name, in: range) ?? fallback
    }

    /// A finite number in the range (default all); nil when not given or wrong.
    package func double(_ name: String, required: Bool = false, in range: NumberRange = .any) -> Double? {
        note(name, .value(range.schema))
        return read(name, required) { self.element($0, at: $1, in: range) }
    }

    /// A finite number in the range (default all).
    package func double(_ name: String, default fallback: Double, in range: NumberRange = .any) -> Double {
        note(name, .preset(JSON(fallback).whole))
        return double(name, in: range) ?? fallback
    }

    /// One of a type's raw values; nil when not given or wrong.
    ///
    /// - Parameter later: values that are not supported yet: they are refused as such, and never suggested.
    package func choice<Choice>(
        _ name: String, of type: Choice.Type = Choice.self, required: Bool = false, later: [Choice] = []
    ) -> Choice? where Choice: RawRepresentable<String> & CaseIterable & Equatable {
        note(name, .value(["enum": JSON(Choice.allCases.filter { !later.contains($0) }.map(\.rawValue))]))
        return read(name, required) { value, pointer in
            let choice = value.string.flatMap(Choice.init(rawValue:))
            if let choice, !later.contains(choice) { return choice }
            let laterNames = later.map(\.rawValue)
            let names = Choice.allCases.map(\.rawValue).filter { !laterNames.contains($0) }
            let all = names.map(\.quotedForMessage).inWords
            if let choice {
                self.faults.add(
                    pointer, "\(choice.rawValue) is not supported yet; this version has \(all)",
                    code: SpecError.notSupported)
                return nil
            }
            let hint = value.string.map { self.faults.nearest(to: $0, among: names, later: laterNames) } ?? ""
            return self.wrong(pointer, "must be \(names.count > 1 ? "one of " : "")\(all)", value, hint: hint)
        }
    }

    /// One of a type's raw values.
    package func choice<Choice>(_ name: String, default fallback: Choice) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable & Equatable {
        note(name, .preset(JSON(fallback.rawValue)))
        return choice(name, of: Choice.self) ?? fallback
    }

    // MARK: Objects and lists

    /// A reader for a member that is an object; nil when not given or wrong.
    ///
    /// - Parameter example: an object as it may be written, for the words of the fault; default none is shown.
    package func object(
        _ name: String, required: Bool = false, example: @autoclosure () -> JSON? = nil
    ) -> ObjectReader? {
        note(name, .value(["type": "object"]))
        guard let value = value(name, required: required) else { return nil }
        let reader = ObjectReader(value, at: pointer(to: name), example: example(), faults: faults)
        return reader.isObject ? reader : nil
    }

    /// A list's elements, each with its pointer; nil when not given or no list. A count out of range is a fault.
    package func list(
        _ name: String, required: Bool = false, count: ClosedRange<Int> = 0 ... .max
    ) -> [(value: JSON, pointer: JSONPointer)]? {
        note(name, .value(count.schema(ofItems: nil)))
        return read(name, required) { value, pointer in
            guard let elements = value.array else { return self.wrong(pointer, "must be a list", value) }
            guard count.contains(elements.count) else {
                let wanted =
                    if count.lowerBound == count.upperBound {
                        "\(count.lowerBound)"
                    } else if count.upperBound == .max {
                        "at least \(count.lowerBound)"
                    } else if count.lowerBound == 0 {
                        "at most \(count.upperBound)"
                    } else {
                        "\(count.lowerBound) to \(count.upperBound)"
                    }
                self.faults.add(pointer, "must have \(wanted) elements, not \(elements.count)")
                return nil
            }
            return elements.enumerated().map { ($1, pointer.appending($0)) }
        }
    }

    /// Readers for a list of objects; an element that is none is a fault and left out.
    package func objects(_ name: String, required: Bool = false) -> [ObjectReader]? {
        note(name, .value(["type": "array", "items": ["type": "object"]]))
        return list(name, required: required)?.map { ObjectReader($0.value, at: $0.pointer, faults: faults) }
            .filter(\.isObject)
    }

    /// A list of strings; nil when not given or any is wrong.
    package func strings(_ name: String, required: Bool = false, count: ClosedRange<Int> = 0 ... .max) -> [String]? {
        note(name, .value(count.schema(ofItems: .strings(.max))))
        return all(list(name, required: required, count: count)) { self.element($0, at: $1) }
    }

    /// A list of whole numbers in a range; nil when not given or any is wrong.
    package func ints(
        _ name: String, required: Bool = false, in range: ClosedRange<Int> = .min ... .max,
        count: ClosedRange<Int> = 0 ... .max
    ) -> [Int]? {
        note(name, .value(count.schema(ofItems: range.schema)))
        return all(list(name, required: required, count: count)) { self.element($0, at: $1, in: range) }
    }

    /// A list of finite numbers in a range; nil when not given or any is wrong.
    package func doubles(
        _ name: String, required: Bool = false, in range: NumberRange = .any, count: ClosedRange<Int> = 0 ... .max
    ) -> [Double]? {
        note(name, .value(count.schema(ofItems: range.schema)))
        return all(list(name, required: required, count: count)) { self.element($0, at: $1, in: range) }
    }

    // MARK: One value

    /// The value as a string without hidden characters, else a fault at the pointer.
    package func element(_ value: JSON, at pointer: JSONPointer, maxLength: Int = .max) -> String? {
        guard let string = value.string else { return wrong(pointer, "must be a string", value) }
        guard string.utf8.count <= maxLength || string.unicodeScalars.count <= maxLength else {
            faults.add(
                pointer, "must have at most \(maxLength) characters, not \(string.unicodeScalars.count)")
            return nil
        }
        if let hidden = HiddenCharacter(in: string) {
            faults.add(pointer, "must not hold \(hidden)")
            return nil
        }
        return string
    }

    /// The value as a whole number in the range, else a fault at the pointer.
    package func element(_ value: JSON, at pointer: JSONPointer, in range: ClosedRange<Int>) -> Int? {
        guard let int = value.int, range.contains(int) else {
            return wrong(pointer, "must be \(wholeNumber(in: range))", value)
        }
        return int
    }

    /// The value as a finite number in the range, else a fault at the pointer.
    package func element(_ value: JSON, at pointer: JSONPointer, in range: NumberRange) -> Double? {
        guard let double = value.double, range.contains(double) else {
            return wrong(pointer, "must be \(range)", value)
        }
        return double
    }

    /// Takes a note of a member, where notes are taken.
    package func note(_ name: String, _ kind: @autoclosure () -> FieldNotes.Kind) {
        guard faults.isNoted else { return }
        faults.note(pointer.appending(name), kind())
    }

    /// The member, which is known from now on.
    private func member(_ name: String) -> JSON? {
        known.append(name)
        note(name, .known)
        guard let index = members.index(forKey: name) else { return nil }
        isKnown[index] = true
        return members.values[index]
    }

    private func read<Value>(
        _ name: String, _ required: Bool, _ convert: (JSON, JSONPointer) -> Value?
    ) -> Value? {
        value(name, required: required).flatMap { convert($0, pointer(to: name)) }
    }

    private func all<Value>(
        _ list: [(value: JSON, pointer: JSONPointer)]?, _ convert: (JSON, JSONPointer) -> Value?
    ) -> [Value]? {
        guard let list else { return nil }
        let values = list.compactMap { convert($0.value, $0.pointer) }
        return values.count == list.count ? values : nil
    }

    private func wrong<Value>(_ pointer: JSONPointer, _ must: String, _ value: JSON, hint: String = "") -> Value? {
        faults.add(pointer, "\(must), not \(value.inWords)\(hint)")
        return nil
    }
}
