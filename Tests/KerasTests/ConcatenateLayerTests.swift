import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct ConcatenateLayerTests {
    private func layer(_ axis: Int) throws -> any Layer {
        let faults = SpecErrors()
        let reader = ObjectReader(["axis": JSON(axis)], faults: faults)
        let common = LayerHeader(name: "c", className: "Concatenate", pointer: .root, version: .keras3)
        return try #require(LayerTable.rows["Concatenate"]?(common, reader))
    }

    @Test func extentsAddUp() throws {
        #expect(try layer(-1).plan([[2, 3], [2, 4]], .tensors(2)).outputs == [[2, 7]])
        #expect(try layer(2).plan([[2, 3], [2, 4]], .tensors(2)).outputs == [[2, 7]])
        #expect(try layer(1).plan([[2, 3], [5, 3]], .tensors(2)).outputs == [[7, 3]])
        #expect(try layer(-1).plan([[.max], [.max]], .tensors(2)).outputs == [[.max]])
    }

    @Test(arguments: [
        (0, [[2], [2]]), (2, [[2], [2]]), (-1, [[2, 3], [4, 3]]), (-1, [[2, 3], [3]]), (-1, [[], []]),
    ])
    func othersAreRefused(_ axis: Int, _ shapes: [[Int]]) throws {
        let layer = try layer(axis)
        #expect(throws: SpecError.self) { try layer.plan(shapes, .tensors(2)) }
    }

    /// Along the time axis steps that have no mask count; along another one masks are joined as the version does it.
    @Test(arguments: [KerasVersion.keras2, .keras3]) func masks(version: KerasVersion) throws {
        func joined(_ axis: Int, _ masks: [[Double]?]) throws -> [Double]? {
            let inputs = masks.map { LayerRun.Input(shape: [1, 2, 1], numbers: [1, 2], mask: $0) }
            return try LayerRun("Concatenate", ["axis": JSON(axis)], version: version)(inputs).masks[0]
        }
        #expect(try joined(1, [[0, 1], nil]) == [0, 1, 1, 1])
        #expect(try joined(1, [nil, nil]) == nil)
        #expect(try joined(-1, [nil, nil]) == nil)
        switch version {
        case .keras2:
            #expect(try joined(-1, [[0, 1], nil]) == [0, 1])
            #expect(try joined(-1, [[0, 1], [1, 0]]) == [0, 0])
        case .keras3:
            #expect(try joined(2, [[0, 1], nil]) == nil, "every step counts")
            #expect(try joined(2, [[0, 1], [0, 0]]) == [0, 1])
        }
    }
}
