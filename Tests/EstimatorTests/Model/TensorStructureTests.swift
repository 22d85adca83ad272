import Estimator
import OrderedCollections
import Testing

@Suite struct TensorStructureTests {
    private let single = Structure.single(7)
    private let named = Structure.named(["b": 1, "a": 2])

    @Test func elementsKeepTheirOrder() {
        #expect(single.elements == [7] && named.elements == [1, 2] && Structure<Int>.named([:]).elements == [])
        #expect(single.names == [] && named.names == ["b", "a"])
        #expect(single.count == 1 && named.count == 2)
    }

    @Test func lookUp() {
        #expect(named["a"] == 2 && named["c"] == nil && single["a"] == nil)
        #expect(single.only == 7 && named.only == nil)
        #expect(Structure.named(["x": 3]).only == 3 && Structure<Int>.named([:]).only == nil)
    }

    @Test func mappingKeepsTheStructure() throws {
        #expect(single.map { "\($0)" } == .single("7"))
        #expect(named.map { -$0 } == .named(["b": -1, "a": -2]))
        #expect(named != .named(["a": 2, "b": 1]), "the order of the infeed tuple counts")
        #expect(throws: TestFailure.self) {
            try named.map { value throws in if value == 2 { throw TestFailure("no") } }
        }
    }
}
