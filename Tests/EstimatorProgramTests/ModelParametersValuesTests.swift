import EstimatorProgram
import Testing

@Suite struct ModelParametersValuesTests {
    private let params = ModelParameters([
        "rate": .double(0.5), "units": .int(64), "folder": .string("digits"), "deep": .bool(true), "nothing": .null,
        "list": .array([.int(1)]), "object": .object([:]),
    ])

    @Test func valuesAreReadByTheirKinds() throws {
        #expect(try params.number("rate", default: 1) == 0.5 && params.number("units", default: 1) == 64)
        #expect(try params.integer("units", default: 1) == 64)
        #expect(try params.string("folder", default: "") == "digits")
        #expect(try params.flag("deep", default: false))
    }

    @Test(arguments: ["nothing", "missing"]) func whatIsNotGivenHasItsDefault(_ name: String) throws {
        #expect(try params.number(name, default: 2.5) == 2.5 && params.integer(name, default: 3) == 3)
        #expect(try params.string(name, default: "x") == "x" && params.flag(name, default: true))
    }

    @Test func anotherKindIsRefusedByName() {
        func words(_ read: () throws -> Void) -> String? {
            do { try read() } catch { return "\(error)" }
            return nil
        }
        #expect(
            words { _ = try params.number("folder", default: 1) }
                == #"params.folder must be a number, not the string "digits""#)
        #expect(
            words { _ = try params.integer("rate", default: 1) } == "params.rate must be a whole number, not 0.5")
        #expect(words { _ = try params.string("list", default: "") } == "params.list must be a string, not a list")
        #expect(
            words { _ = try params.flag("object", default: true) }
                == "params.object must be true or false, not an object")
        #expect(words { _ = try params.number("deep", default: 1) } == "params.deep must be a number, not true")
    }
}
