import Formats
import Testing

@Suite struct OrderedWeightsTests {
    private static let pointer = "/warm_start_from/path"

    @Test(arguments: [("narrow2.h5", 2), ("narrow3.h5", 3)])
    func predictionsAreKerasOwn(file: String, version: Int) throws {
        let started = try StartedModel("narrow", keras: version)
        let found = try started.predictions(from: try StartedModel.bytes(file))
        #expect(StartedModel.agree(found, started.predictions), "\(found) \(started.predictions)")
    }

    /// The model is read with all of it trained, the file was written with a part of it frozen.
    @Test func whatWasFrozenIsFoundByItsNames() throws {
        var started = try StartedModel("narrow", keras: 2)
        started.model = try JSON(
            parsing: Array(started.model.text.replacing("\"trainable\":false", with: "\"trainable\":true").utf8))
        let found = try started.predictions(from: try StartedModel.bytes("narrow2.h5"))
        #expect(StartedModel.agree(found, started.predictions), "\(found) \(started.predictions)")
    }

    @Test func anotherNumberOfLayersIsTold() throws {
        var started = try StartedModel("narrow", keras: 2)
        started.model = [["Dense": ["units": 2]]]
        let faults = try started.faults(try StartedModel.bytes("narrow2.h5"))
        #expect(faults.count == 1)
        #expect(faults[0].hasPrefix("\(Self.pointer): start holds the weights of 4 layers (\"dense"), "\(faults)")
        #expect(faults[0].hasSuffix("but the model has 1 layer (\"dense\") with variables"), "\(faults)")
    }

    @Test func anotherNumberOfWeightsIsTold() throws {
        var started = try StartedModel("narrow", keras: 2)
        let dense: JSON = ["Dense": ["units": 2]]
        started.model = [["Dense": ["units": 3]], "BatchNormalization", ["BatchNormalization": ["name": "b"]], dense]
        let faults = try started.faults(try StartedModel.bytes("narrow2.h5"))
        #expect(
            faults.contains { $0.contains("start holds \"dense/kernel\" as float32 [3, 2], but the model has it as") })
        #expect(
            faults.contains(
                "\(Self.pointer): start holds 6 weights of the layer \"frozen\", but the model's \"batch_normalization\" has 4"
            ), "\(faults)")
        #expect(!faults.contains { $0.contains("lacks") })
    }
}
