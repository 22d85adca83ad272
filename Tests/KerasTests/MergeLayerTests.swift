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

    /// A job whose merging layer meets a mask: Keras 2's rule, and a refusal for Keras 3.
    @Test(arguments: [FunctionalModel.Version.keras2, .keras3])
    func masksOfKeras3AreRefused(version: FunctionalModel.Version) throws {
        var model = FunctionalModel(version)
        model.input("x", [2])
        model.layer("Reshape", "r", ["target_shape": [2, 1]], calls: [model.call("x")])
        model.layer("Masking", "masked", calls: [model.call("r")])
        model.sum("m", ["masked", 0, 0], ["r", 0, 0])
        model.layer("SimpleRNN", "end", ["units": 3], calls: [model.call("m")])
        model.outputs = [["end", 0, 0]]
        let job = SmallJob.with("model", model.json)
        let definition = try #require(job.definition, "\(job.faults)")
        switch version {
        case .keras2: try definition.check()
        case .keras3: #expect(throws: SpecError.self) { try definition.check() }
        }
    }
}
