import Formats
import Keras
import OrderedCollections
import Testing

/// Rows followed through a model's calls.
@Suite struct KerasModelPlanTests {
    /// u, v → sum of both, as a model for inside of another one.
    private static func pair() -> JSON {
        var inner = FunctionalModel(.keras3)
        inner.input("u", [2])
        inner.input("v", [nil])
        inner.layer("Dense", "p", ["units": 2], calls: [inner.call("u")])
        inner.layer("Dense", "q", ["units": 4], calls: [inner.call("v")])
        inner.outputs = [["p", 0, 0], ["q", 0, 0]]
        return inner.config("pair")
    }

    private static func outer(_ call: JSON, output: Int = 0) -> SmallJob {
        var model = FunctionalModel(.keras3)
        model.input("x", [2])
        model.layer("Dense", "d", ["units": 3], calls: [model.call("x")])
        model.layer("Functional", "pair", pair(), calls: [call])
        model.layer("Dense", "end", ["units": 3], calls: [model.call("pair", 0, output)])
        model.outputs = ["end", 0, 0]
        return SmallJob.with("model", model.json)
    }

    private static func both(_ first: String, _ second: String) -> JSON {
        ["args": [[NodeReaderTests.tensor(first), NodeReaderTests.tensor(second)]]]
    }

    @Test func rowsGoThroughTheCalls() throws {
        #expect(Self.outer(Self.both("x", "d")).faults == [])
        let job = Self.outer(Self.both("x", "d"), output: 1)
        let plan = try #require(job.definition, "\(job.faults)").plan()
        #expect(
            plan.variables.map { "\($0.name) \($0.shape)" } == [
                "d/kernel [2, 3]", "d/bias [3]", "pair/p/kernel [2, 2]", "pair/p/bias [2]", "pair/q/kernel [3, 4]",
                "pair/q/bias [4]", "end/kernel [4, 3]", "end/bias [3]",
            ])
    }

    @Test func inputsAreHeldAgainstTheModelInside() {
        #expect(
            Self.outer(["args": [NodeReaderTests.tensor("x")]]).faults == [
                "/model/config/layers/2: the model pair takes 2 inputs, but it is called with 1"
            ])
        #expect(
            Self.outer(Self.both("d", "x")).faults == [
                "/model/config/layers/2/config/layers/0/config/batch_shape: u takes rows of shape [2], but it is given rows of "
                    + "[3]"
            ])
        #expect(
            Self.outer(Self.both("x", "x"), output: 2).faults == [
                "/model/config/layers/3/inbound_nodes/0: pair has no output 2: it has 2"
            ])
    }

    @Test func anOutputThatIsNotThereIsTheModels() {
        var model = FunctionalModel(.keras2)
        model.input("x", [2])
        model.layer("Dense", "d", ["units": 3], calls: [model.call("x")])
        model.outputs = [["d", 0, 1]]
        #expect(SmallJob.with("model", model.json).faults == ["/model: d has no output 1: it has 1"])
    }

    /// In a stack each layer takes the one output of the layer before it.
    @Test func aStackHasOneOutputALayer() {
        var twins = FunctionalModel(.keras3)
        twins.input("u", [2])
        twins.layer("Dense", "p", ["units": 2], calls: [twins.call("u")])
        twins.outputs = [["p", 0, 0], ["p", 0, 0]]
        let model: JSON = [["Functional": twins.config("twins")], ["Dense": ["units": 3]]]
        #expect(
            SmallJob.with("model", model).faults == [
                "/model/0: twins gives 2 outputs, but a layer of a Sequential model must have one"
            ])
    }

    /// A layer that is called again takes the same numbers, in whatever rows they come.
    @Test func laterCallsFitTheFirst() {
        func job(_ units: Int) -> SmallJob {
            var model = FunctionalModel(.keras2)
            model.input("x", [2])
            model.layer("Dense", "d", ["units": JSON(units)], calls: [model.call("x")])
            model.layer("Dense", "twice", ["units": 3], calls: [model.call("x"), model.call("d")])
            model.sum("s", ["twice", 0, 0], ["twice", 1, 0])
            model.outputs = [["s", 0, 0]]
            return SmallJob.with("model", model.json)
        }
        #expect(job(2).faults == [])
        #expect(
            job(5).faults == [
                "/model/config/layers/2/inbound_nodes/1: twice is called with rows of [5], for which its variables have other "
                    + "shapes than for those of its first call: all calls of a layer have the same variables"
            ])
    }
}
