import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct CallArgumentsTests {
    private let call = CallArguments(
        [.input(0), .list([.input(1), .constant(2)])],
        keywords: ["value": .input(2), "flag": .constant(true), "number": .constant(1)],
        pointer: JSONPointer(tokens: ["model"]))

    @Test func argumentsAreFoundByNameOrPlace() {
        #expect(call.input("query", position: 0) == 0)
        #expect(call.input("value", position: 1) == 2)
        #expect(call.input("key", position: 7) == nil)
        #expect(call.input("key") == nil)
        #expect(call.input("other", position: 1) == nil)
        #expect(call.value("other", position: 1) == .list([.input(1), .constant(2)]))
        #expect(CallArguments.tensors(2).positional == [.input(0), .input(1)])
    }

    @Test func flagsAreTrueOrFalse() throws {
        #expect(try call.flag("flag"))
        #expect(try !call.flag("none"))
        #expect(try call.flag("none", default: true))
        for (name, words) in [("number", "not 1"), ("value", "not a tensor")] {
            let error = try #require(throws: SpecError.self) { try call.flag(name) }
            #expect("\(error)" == "/model: \(name) must be true or false, \(words)")
        }
    }
}
