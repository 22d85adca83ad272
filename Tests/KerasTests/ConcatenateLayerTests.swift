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

    @Test func masksFollowTheTimeAxis() throws {
        let builder = GraphBuilder()
        let graph = ModelGraph(builder, variables: [], isTraining: false, seed: 0, version: .keras3)
        let x = builder.constant(1, shape: [2, 3, 4])
        let mask = builder.constant(1, shape: [2, 3], dtype: .bool)
        func joined(_ axis: Int, _ masks: [Tensor?]) throws -> Tensor? {
            graph.run(
                try layer(axis), path: "c", isTrainable: true, [x, x], masks: masks, arguments: .tensors(2)
            ).masks[0]
        }
        #expect(try joined(1, [mask, nil])?.shape == [2, 6])
        #expect(try joined(-1, [mask, nil])?.id == mask.id)
        #expect(try joined(-1, [mask, mask])?.shape == [2, 3])
        #expect(try joined(1, [nil, nil]) == nil)
        #expect(builder.error == nil)
    }
}
