import Formats
import Testing

private enum Mode: String, CaseIterable { case train, evaluate }

@Suite struct ObjectReaderTests {
    private func faults(_ text: String, _ read: (ObjectReader) -> Void) throws -> [String] {
        let faults = SpecErrors()
        let reader = ObjectReader(try JSON(parsing: text), faults: faults)
        read(reader)
        reader.finish()
        return faults.all.map(\.description)
    }

    @Test func readsWhatIsThereAndGivesDefaults() throws {
        let found = try faults(#"{"n":3,"x":0.5,"s":"a","b":true,"m":"train","l":[1,2],"o":{"k":null}}"#) { reader in
            #expect(reader.int("n", default: 1) == 3)
            #expect(reader.int("n2", default: 7) == 7)
            #expect(reader.double("x") == 0.5)
            #expect(reader.double("n") == 3)
            #expect(reader.string("s") == "a")
            #expect(reader.bool("b", default: false))
            #expect(reader.choice("m", of: Mode.self) == .train)
            #expect(reader.choice("m2", default: Mode.evaluate) == .evaluate)
            #expect(reader.ints("l") == [1, 2])
            let inner = reader.object("o")
            #expect(inner?.string("k", default: "d") == "d")
            inner?.finish()
        }
        #expect(found == [])
    }

    @Test func collectsAllFaultsAtOnce() throws {
        let found = try faults(
            #"{"n":"abc","p":0,"x":"1","b":1,"m":"trian","l":[1,"x",2.5],"o":[],"s":7,"learning_rat":1,"nul":null}"#
        ) { reader in
            _ = reader.int("n", in: 1 ... .max)
            _ = reader.int("p", in: 1...8)
            _ = reader.double("x", in: .positive)
            _ = reader.bool("b")
            _ = reader.choice("m", of: Mode.self)
            _ = reader.ints("l")
            _ = reader.object("o")
            _ = reader.string("s")
            _ = reader.double("learning_rate")
            _ = reader.string("needed", required: true)
            _ = reader.string("nul", required: true)
        }
        #expect(
            found == [
                "/n: must be a positive whole number, not \"abc\"",
                "/p: must be a whole number from 1 to 8, not 0",
                "/x: must be a positive number, not \"1\"",
                "/b: must be true or false, not 1",
                "/m: must be one of \"train\" or \"evaluate\", not \"trian\"; did you mean \"train\"?",
                "/l/1: must be a whole number, not \"x\"",
                "/l/2: must be a whole number, not 2.5",
                "/o: must be an object, not a list",
                "/s: must be a string, not 7",
                "/needed: is required",
                "/nul: is required",
                "/learning_rat: is not a known field; did you mean \"learning_rate\"?",
            ])
    }

    @Test func suggestsAFieldThatIsThereWhenNoneIsMissing() throws {
        let found = try faults(#"{"optimizer":"sgd","optimiser":"sgd"}"#) { _ = $0.string("optimizer") }
        #expect(found == ["/optimiser: is not a known field; did you mean \"optimizer\"?"])
    }

    @Test func saysWhatIsNotSupported() throws {
        let faults = SpecErrors()
        let reader = ObjectReader(["webhooks": [1], "cache": false], faults: faults)
        reader.notSupported("webhooks", unless: [])
        reader.notSupported("cache", unless: false)
        reader.notSupported("absent")
        #expect(
            faults.all == [SpecError(JSONPointer(tokens: ["webhooks"]), "is not supported yet", code: "NOT_SUPPORTED")])
    }

    @Test func aValueThatIsNoObjectIsOneFault() throws {
        #expect(try faults("[1]") { _ = $0.int("n", required: true) } == [": must be an object, not a list"])
    }

    @Test func limitsLengths() throws {
        let found = try faults(#"{"s":"äöü","l":[1,2,3]}"#) { reader in
            #expect(reader.string("s", maxLength: 3) == "äöü")
            _ = reader.string("s", maxLength: 2)
            _ = reader.list("l", count: 1...2)
        }
        #expect(found == ["/s: must have at most 2 characters, not 3", "/l: must have 1 to 2 elements, not 3"])
    }

    @Test func whatIsNotSupportedIsNeverSuggested() throws {
        let found = try faults(#"{"featurs":1,"cach":true,"cach2":false,"m":"trian","k":"evaluat"}"#) { reader in
            reader.notSupported("features")
            reader.notSupported("cache", unless: false)
            #expect(reader.choice("m", of: Mode.self, later: [.train]) == nil)
            #expect(reader.choice("k", of: Mode.self, later: [.train]) == nil)
        }
        #expect(
            found == [
                "/m: must be \"evaluate\", not \"trian\"; \"train\", which may be meant, is not supported yet",
                "/k: must be \"evaluate\", not \"evaluat\"; did you mean \"evaluate\"?",
                "/featurs: is not a known field; \"features\", which may be meant, is not supported yet",
                "/cach: is not a known field; \"cache\", which may be meant, is not supported yet",
                "/cach2: is not a known field; did you mean \"cache\"?",
            ])
    }

    @Test func aLaterChoiceIsNotSupported() throws {
        let faults = SpecErrors()
        let reader = ObjectReader(["m": "train"], faults: faults)
        #expect(reader.choice("m", of: Mode.self, later: [.train]) == nil)
        #expect(
            faults.all == [
                SpecError(
                    JSONPointer(tokens: ["m"]), "train is not supported yet; this version has \"evaluate\"",
                    code: SpecError.notSupported)
            ])
    }

    @Test func anExampleIsShown() throws {
        let found = try faults(#"{"o":3}"#) { _ = $0.object("o", example: ["a": [1]]) }
        #expect(found == ["/o: must be an object such as {\"a\":[1]}, not 3"])
    }
}
