import Formats
import KerasFiles
import TestSupport
import Testing

@Suite struct PlacedWeightsTests {
    private static let pointer = "/warm_start_from/path"

    /// The numbers are Keras' own: every layer got its variables, and each of them the right one.
    @Test(arguments: [
        ("wide", "wide3.keras", 3), ("wide", "wide2.keras", 2), ("narrow", "narrow3.weights.h5", 3),
        ("narrow", "narrow2.weights.h5", 2),
    ])
    func predictionsAreKerasOwn(name: String, file: String, version: Int) throws {
        let started = try StartedModel(name, keras: version)
        let found = try started.predictions(from: try StartedModel.bytes(file))
        #expect(StartedModel.agree(found, started.predictions), "\(found) \(started.predictions)")
    }

    @Test func aMissingLayerIsTold() throws {
        var started = try StartedModel("narrow", keras: 3)
        started.model = [
            ["Dense": ["units": 2]], ["Dense": ["units": 2]], ["Dense": ["units": 2, "name": "further"]],
        ]
        let faults = try started.faults(try StartedModel.bytes("narrow3.weights.h5"))
        #expect(faults.count == 1)
        let start =
            "\(Self.pointer): start lacks \"further/kernel\", \"further/bias\" of the model's variables; it holds "
        #expect(faults[0].hasPrefix(start), "\(faults)")
        #expect(
            faults[0].hasSuffix(
                "; such a file holds variables by their layers' positions: \"further/kernel\" is looked for in layers/dense_2/vars"
            ), "\(faults)")
    }

    @Test func otherShapesAreTold() throws {
        var started = try StartedModel("narrow", keras: 3)
        started.model = [["Dense": ["units": 3]], ["Dense": ["units": 2]]]
        #expect(
            try started.faults(try StartedModel.bytes("narrow3.weights.h5")) == [
                "\(Self.pointer): start holds \"dense/kernel\" as float32 [3, 2], but the model has it as float32 [3, 3]",
                "\(Self.pointer): start holds \"dense/bias\" as float32 [2], but the model has it as float32 [3]",
                "\(Self.pointer): start holds \"dense_1/kernel\" as float32 [2, 2], but the model has it as float32 [3, 2]",
            ])
    }

    /// A layer with fewer variables than the file has would take each for its neighbour.
    @Test func oneTooManyIsTold() throws {
        var started = try StartedModel("narrow", keras: 3)
        started.model = [["Dense": ["units": 2]], ["BatchNormalization": ["scale": false]]]
        #expect(
            try started.faults(try StartedModel.bytes("narrow3.weights.h5")) == [
                "\(Self.pointer): start holds more variables of \"batch_normalization\" (layers/batch_normalization/vars) than "
                    + "the 3 that the model has"
            ])
    }

    @Test func whatIsDamagedIsTold() throws {
        let started = try StartedModel("wide", keras: 3)
        let whole = try StartedModel.bytes("wide3.keras")
        let faults = try started.faults(Array(whole.prefix(whole.count / 2)))
        #expect(faults.count == 1 && faults[0].hasPrefix("\(Self.pointer): start: is not a zip archive"), "\(faults)")
    }

    /// The variables of every model that Keras wrote, named here, are where `SavedLayer` says: the two ways to read a model
    /// agree.
    @Test func allVariablesHaveAPlaceInTheirLayers() throws {
        for version in [2, 3] {
            for name in ["wide", "narrow"] {
                let started = try StartedModel(name, keras: version)
                let names = try started.variableNames()
                let places = try #require(SavedLayer(model: started.model)).places(of: names)
                #expect(Set(places.map(\.path)).count == names.count)
                #expect(places.allSatisfy { $0.path.hasPrefix("layers/") })
                // What export does, which knows names alone.
                let sorted = SavedLayer.inOrder(names.sorted())
                let again = try #require(SavedLayer(model: started.model)).places(of: sorted)
                #expect(
                    Dictionary(uniqueKeysWithValues: zip(sorted, again))
                        == Dictionary(uniqueKeysWithValues: zip(names, places)))
            }
        }
    }
}
