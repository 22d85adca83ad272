import Formats
import OrderedCollections
import Testing

@Suite struct JSONSpliceTests {
    /// What is added as text reads as if it had been a member from the start.
    @Test func addsAMemberByItsText() throws {
        for (object, name) in [([:], "a"), (["x": 1], "a"), (["x": ["y": [1, nil]], "z": "}"], "é\"\n")]
            as [(JSON, String)]
        {
            for value in [nil, true, "x", [1, 2], ["k": ["l": "{}"]]] as [JSON] {
                var text = object.serialized()
                JSON.add(name, text: value.serialized(), to: &text)
                var expected = object
                expected[name] = value
                #expect(text == expected.serialized())
                #expect(try JSON(parsing: text) == expected)
            }
        }
    }
}
