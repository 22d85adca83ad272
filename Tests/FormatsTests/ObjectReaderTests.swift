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

    @Test(
        arguments: [
            ("trian", "train"), ("lables", "labels"), ("Batch_size", "batch_size"), ("max_step", "max_steps"),
            ("xyzzy", nil),
            ("", nil), ("steps_max", nil),
        ] as [(String, String?)]) func findsTheNearestName(name: String, nearest: String?)
    {
        #expect(NearestName.of(name, among: ["train", "labels", "batch_size", "max_steps"]) == nearest)
    }

    @Test func measuresEdits() {
        #expect(NearestName.editDistance(Array("ca"), Array("abc")) == 3)
        #expect(NearestName.editDistance(Array("kitten"), Array("sitting")) == 3)
        #expect(NearestName.editDistance(Array("ab"), Array("ba")) == 1)
        #expect(NearestName.editDistance(Array(""), Array("abc")) == 3)
    }
}
