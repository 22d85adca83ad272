import Formats
import OrderedCollections
import Testing

/// What a model's calls compute, each on what its sources gave.
@Suite struct KerasModelRunTests {
    /// s(x) + x, where s is called once and then on its own output.
    private static func model(_ version: FunctionalModel.Version, isNested: Bool) -> JSON {
        var model = FunctionalModel(version)
        model.input("x", [2])
        var name = "s"
        if isNested {
            var inner = FunctionalModel(version)
            inner.input("u", [2])
            inner.layer("Dense", "s", ["units": 2], calls: [inner.call("u")])
            inner.outputs = [["s", 0, 0]]
            name = "inside"
            // A Functional model takes node 0 by its own construction in Keras 2.
            let first = version == .keras2 ? 1 : 0
            model.layer(
                "Functional", name, inner.config(name), calls: [model.call("x"), model.call(name, first)])
            model.sum("y", ["inside", JSON(first + 1), 0], ["x", 0, 0])
        } else {
            model.layer("Dense", name, ["units": 2], calls: [model.call("x"), model.call(name)])
            model.sum("y", ["s", 1, 0], ["x", 0, 0])
        }
        model.outputs = ["y", 0, 0]
        return model.json
    }

    @Test(arguments: [FunctionalModel.Version.keras2, .keras3], [false, true])
    func eachCallTakesItsSources(_ version: FunctionalModel.Version, _ isNested: Bool) throws {
        let path = isNested ? "inside/s" : "s"
        let made = try SmallModel(
            Self.model(version, isNested: isNested), rows: NDArray([1, 2, 3, 4] as [Float], shape: [2, 2]),
            variables: [
                "\(path)/kernel": NDArray([0, 1, 10, 0] as [Float], shape: [2, 2]),
                "\(path)/bias": NDArray([1, 0] as [Float]),
            ])
        // (a, b) gives (10 b + 1, a), and that again (10 a + 1, 10 b + 1).
        #expect(made.shape == [2, 2])
        #expect(made.output == [12, 23, 34, 45])
    }
}
