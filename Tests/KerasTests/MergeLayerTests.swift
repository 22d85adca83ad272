import Formats
import Graph
import Keras
import OrderedCollections
import Testing

/// Layers that join several tensors, by what a job with them says.
@Suite struct MergeLayerTests {
    private func job(_ className: String, _ widths: [Int], _ config: JSON = [:]) -> SmallJob {
        var model = FunctionalModel(.keras2)
        model.input("x", [2])
        for (place, width) in widths.enumerated() {
            model.layer("Dense", "d\(place)", ["units": JSON(width)], calls: [model.call("x")])
        }
        let call: [JSON] = widths.indices.map { [JSON("d\($0)"), 0, 0, [:]] }
        model.layer(className, "m", config, calls: [.array(call)])
        model.layer("Dense", "end", ["units": 3], calls: [model.call("m")])
        model.outputs = [["end", 0, 0]]
        return SmallJob.with("model", model.json)
    }

    @Test(arguments: ["Add", "Multiply", "Average", "Maximum", "Minimum"])
    func joins(_ className: String) {
        #expect(job(className, [4, 4, 4]).faults == [])
        #expect(job(className, [4, 1]).effect?.contains("'end/kernel': float32[4,3]") == true)
        #expect(
            job(className, [9, 8]).faults == [
                "/model/config/layers/3/inbound_nodes/0: m (\(className)) can't join rows of shape [9] and of shape [8]: "
                    + "expected the same extents, or 1"
            ])
    }

    @Test func eachIsAFunctionOfItsOwn() {
        let effects = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"].map { job($0, [4, 4]).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == 6)
    }

    @Test func subtractionIsOfTwo() {
        #expect(job("Subtract", [4, 4]).faults == [])
        #expect(
            job("Subtract", [4, 4, 4]).faults == [
                "/model/config/layers/4/inbound_nodes/0: m (Subtract) takes two inputs, but it is called with 3"
            ])
    }

    /// Three steps of one number, of which each input has its mask.
    private func run(
        _ className: String, _ version: KerasVersion, _ masks: [[Double]?],
        _ numbers: [[Double]] = [[2, 3, 5], [7, 11, 13]]
    ) throws -> LayerRun.Output {
        let inputs = zip(numbers, masks).map { LayerRun.Input(shape: [1, 3, 1], numbers: $0, mask: $1) }
        return try LayerRun(className, version: version)(inputs, upstreams: [[1, 1, 1]])
    }

    /// Keras 2 joins all numbers as they are; a step counts where no mask leaves it out.
    @Test func masksOfKeras2() throws {
        let both = try run("Multiply", .keras2, [[1, 0, 0], [1, 1, 0]])
        #expect(both.numbers == [14, 33, 65] && both.masks == [[1, 0, 0]])
        #expect(try run("Maximum", .keras2, [[1, 0, 0], nil]).numbers == [7, 11, 13])
        #expect(try run("Add", .keras2, [nil, [1, 1, 0]]).masks == [[1, 1, 0]])
        #expect(try run("Average", .keras2, [nil, nil]).masks == [nil])
    }

    /// In Keras 3 a step counts where one mask has it, if all inputs have one.
    @Test(arguments: ["Add", "Subtract", "Average", "Multiply", "Maximum", "Minimum"])
    func masksOfKeras3(className: String) throws {
        #expect(try run(className, .keras3, [[1, 0, 0], [1, 1, 0]]).masks == [[1, 1, 0]])
        #expect(try run(className, .keras3, [[1, 0, 0], nil]).masks == [nil])
        #expect(try run(className, .keras3, [nil, nil]).masks == [nil])
    }

    /// Keras 3: what an input leaves out is 1 in a product, and the others' in an extreme; what all leave out is 0 in a
    /// product, and anything in an extreme.
    @Test func maskedNumbersOfKeras3() throws {
        let masks: [[Double]?] = [[1, 0, 0], [1, 1, 0]]
        let product = try run("Multiply", .keras3, masks)
        #expect(product.numbers == [14, 11, 0])
        #expect(product.gradients["x0"] == [7, 0, 0] && product.gradients["x1"] == [2, 1, 0])
        #expect(try run("Multiply", .keras3, [[1, 0, 0], nil]).numbers == [14, 11, 13])
        #expect(try run("Maximum", .keras3, masks).numbers == [7, 11, 5])
        #expect(try run("Minimum", .keras3, masks).numbers == [2, 11, 5])
        #expect(try run("Minimum", .keras3, [[1, 0, 0], nil]).numbers == [2, 11, 13])
        #expect(try run("Maximum", .keras3, [nil, [1, 1, 0]]).numbers == [7, 11, 5])
        // A third one whose last step counts: what the first two left out is its.
        let three = try run(
            "Minimum", .keras3, [[1, 0, 0], [1, 1, 0], [0, 0, 1]], [[2, 3, 5], [7, 11, 13], [1, 1, 17]])
        #expect(three.numbers == [2, 11, 17] && three.masks == [[1, 1, 1]])
        #expect(try run("Add", .keras3, masks).numbers == [9, 14, 18])
    }

    /// Keras 3 gives a tensor of fewer axes new ones, and joins numbers without masks then.
    @Test func masksOfOtherRanks() throws {
        let x = LayerRun.Input(shape: [1, 3, 1], numbers: [2, 3, 5], mask: [1, 0, 0])
        let y = LayerRun.Input(shape: [1, 1], numbers: [7])
        let product = try LayerRun("Multiply", version: .keras3)([x, y])
        #expect(product.numbers == [14, 21, 35] && product.masks == [nil])
    }
}
