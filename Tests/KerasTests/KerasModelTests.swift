import Formats
import OrderedCollections
import Testing

@Suite struct KerasModelTests {
    private static func job(_ outputs: JSON, loss: JSON) -> SmallJob {
        var model = FunctionalModel(.keras3)
        model.input("x", [3])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x"), model.call("a")])
        model.layer("Dense", "b", ["units": 2], calls: [model.call("a", 1)])
        model.outputs = outputs
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [3]], "labels": ["shape": [3]], "examples": 12]
        ])
        job.spec["model"] = model.json
        job.spec["loss"] = loss
        job.spec["metrics"] = nil
        return job
    }

    /// Outputs have the names of their layers; of those of one layer, all but the first have a number behind it.
    @Test func outputsAreNamed() {
        let outputs: JSON = [["a", 0, 0], ["b", 0, 0], ["a", 1, 0], ["x", 0, 0], ["a", 0, 0]]
        for name in ["a", "a_1", "a_2", "x"] {
            let job = Self.job(outputs, loss: [name: ["MeanSquaredError": [:]]])
            #expect(job.faults == [], "\(name)")
            #expect(
                job.effect?.contains(
                    "outputs [\"a 1.0\", \"b 1.0\", \"a_1 1.0\", \"x 1.0\", \"a_2 1.0\"]") == true)
        }
        #expect(
            Self.job(outputs, loss: ["a_3": "mse"]).faults.first?.hasPrefix("/loss/a_3: is not a known field") == true)
    }

    /// Another layer may be called what a further output of one would be.
    @Test func namesAreTheirOwn() throws {
        func names(_ outputs: [String]) throws -> Substring? {
            var model = FunctionalModel(.keras3)
            model.input("x", [2])
            for name in ["a", "a_1"] {
                model.layer("Dense", name, ["units": 2], calls: [model.call("x")])
            }
            model.outputs = .array(outputs.map { [JSON($0), 0, 0] })
            var job = SmallJob.training([
                "synthetic": ["features": ["shape": [2]], "labels": ["shape": [2]], "examples": 12]
            ])
            job.spec["model"] = model.json
            job.spec["loss"] = ["a": ["MeanSquaredError": [:]]]
            job.spec["metrics"] = nil
            return try #require(job.effect, "\(job.faults)").split(separator: "\n").first { $0.hasPrefix("outputs ") }
        }
        #expect(try names(["a", "a", "a_1"]) == "outputs [\"a 1.0\", \"a_1 1.0\", \"a_1_1 1.0\"]")
        #expect(try names(["a_1", "a", "a"]) == "outputs [\"a_1 1.0\", \"a 1.0\", \"a_2 1.0\"]")
    }

    /// Of a stack it is the last layer's name.
    @Test func aStacksOutputIsItsLastLayers() {
        var job = SmallJob.with("model", [["Dense": ["units": 3]], ["Dense": ["units": 3, "name": "end"]]])
        job.spec["loss"] = ["end": ["SparseCategoricalCrossentropy": ["from_logits": true]]]
        #expect(job.faults == [])
        job.spec["loss"] = ["dense": ["SparseCategoricalCrossentropy": ["from_logits": true]]]
        #expect(job.faults.count == 1, "\(job.faults)")
    }
}
