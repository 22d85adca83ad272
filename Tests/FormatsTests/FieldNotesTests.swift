import Formats
import Testing

@Suite struct FieldNotesTests {
    private static func kinds(_ name: String, _ notes: FieldNotes) -> [FieldNotes.Kind] {
        notes.all.filter { $0.pointer == JSONPointer(tokens: [name]) }.map(\.kind)
    }

    /// Whether a field is given or not, its reader says what it asks for.
    @Test func readersSayWhatTheyAskFor() {
        let notes = FieldNotes()
        let reader = ObjectReader(["units": "x"], faults: SpecErrors(notes: notes))
        _ = reader.int("units", required: true, in: 1...10)
        _ = reader.double("rate", default: 0.5, in: .from(0, below: 1))
        _ = reader.strings("names", count: 1...3)
        _ = reader.string("path", maxLength: 7)
        reader.notSupported("sparse", unless: false)
        reader.accept("seed")
        #expect(
            Self.kinds("units", notes)
                == [.value(["type": "integer", "minimum": 1, "maximum": 10]), .required, .known])
        #expect(
            Self.kinds("rate", notes)
                == [.preset(0.5), .value(["type": "number", "minimum": 0, "exclusiveMaximum": 1]), .known])
        let names: JSON = ["type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 3]
        #expect(Self.kinds("names", notes).first == .value(names))
        #expect(Self.kinds("path", notes).first == .value(["type": "string", "maxLength": 7]))
        #expect(Self.kinds("sparse", notes).first == .value(["enum": [false, nil]]))
        #expect(Self.kinds("seed", notes) == [.known])
    }

    /// What a check reads costs nothing for notes that nobody takes, and finds the same faults.
    @Test func notesChangeNoFault() {
        func faults(_ errors: SpecErrors) -> [SpecError] {
            let reader = ObjectReader(["units": 0, "unit": 1], faults: errors)
            _ = reader.int("units", required: true, in: 1...10)
            _ = reader.bool("bias", required: true)
            reader.finish()
            return errors.all
        }
        let plain = faults(SpecErrors())
        #expect(plain.count == 3)
        #expect(faults(SpecErrors(notes: FieldNotes())) == plain)
    }
}
