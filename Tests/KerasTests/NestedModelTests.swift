import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct NestedModelTests {
    private static func nested(_ layers: JSON, _ more: JSON = [:]) -> JSON {
        var config: JSON = ["name": "inside", "layers": layers]
        for (name, value) in more.object ?? [:] { config[name] = value }
        return ["Sequential": config]
    }

    private static func job(_ layers: [JSON]) -> SmallJob { SmallJob.with("model", .array(layers)) }

    /// Faults have their places within; of its layers the model knows nothing more.
    @Test func faultsAreToldWhereTheyAre() {
        let place = "/model/0/Sequential"
        #expect(
            Self.job([Self.nested([["Dense": ["units": 0]], "Flaten"])]).faultsWithoutNames == [
                "\(place)/layers/0/Dense/units: must be a positive whole number, not 0",
                "\(place)/layers/1: \"Flaten\" is not a known layer; did you mean \"Flatten\"?",
            ])
        #expect(Self.job([["Sequential": ["name": "s"]]]).faults == ["\(place)/layers: is required"])
        #expect(
            Self.job([Self.nested([["Dense": ["units": 3]]], ["lairs": 1])]).faults == [
                "\(place)/lairs: is not a known field; did you mean \"layers\"?"
            ])
        #expect(
            Self.job([Self.nested([["Rescaling": ["scale": [1, 2, 3]]]]), ["Dense": ["units": 3]]]).faults.first?
                .hasPrefix(
                    "\(place)/layers/0: scale has 3 numbers") == true)
    }

    /// What is too deep is not looked at, and told once.
    @Test func depthHasALimit() {
        func nested(_ depth: Int) -> JSON {
            depth == 0 ? ["Dense": ["units": 0]] : Self.nested([nested(depth - 1)])
        }
        let deepest = Self.job([nested(16)]).faults
        #expect(deepest.count == 1 && deepest[0].hasSuffix("must be a positive whole number, not 0"), "\(deepest)")
        let over = Self.job([nested(17)]).faults
        #expect(
            over.count == 1
                && over[0].hasSuffix("is inside 17 layers and models: at most 16 are possible"), "\(over)")
    }

    /// Its variables are behind its name, and frozen with it.
    @Test(arguments: [true, false]) func variablesAreItsOwn(_ isTrainable: Bool) throws {
        let job = Self.job([
            Self.nested(
                [["Dense": ["units": 4]], ["Dense": ["units": 2, "use_bias": false]]], ["trainable": JSON(isTrainable)]),
            ["Dense": ["units": 3, "use_bias": false]],
        ])
        let plan = try #require(job.definition, "\(job.faults)").plan()
        #expect(
            plan.variables.map { "\($0.name) \($0.shape) \($0.isTrainable)" } == [
                "inside/dense/kernel [2, 4] \(isTrainable)", "inside/dense/bias [4] \(isTrainable)",
                "inside/dense_1/kernel [4, 2] \(isTrainable)", "dense/kernel [2, 3] true",
            ])
        #expect(plan.summary.contains("inside (Sequential)  (None, 2)"))
    }

    /// It computes what its layers do, and takes whole numbers as its own input does.
    @Test func itComputesWhatItsLayersDo() throws {
        let made = try SmallModel(
            [
                Self.nested([["InputLayer": ["shape": [2], "dtype": "int32"]], ["Rescaling": ["scale": 0.5]]]),
                ["Rescaling": ["scale": 10]],
            ],
            rows: NDArray([1.75, 4, -3.5, 0] as [Float], shape: [2, 2]))
        #expect(made.shape == [2, 2])
        #expect(made.output == [5, 20, -15, 0])
    }
}
