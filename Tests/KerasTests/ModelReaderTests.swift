import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct ModelReaderTests {
    private static func job(_ model: JSON) -> SmallJob { SmallJob.with("model", model) }

    private static func input(_ shape: JSON) -> JSON { ["InputLayer": ["shape": shape]] }

    private static func dense(_ shape: JSON = nil) -> JSON { ["Dense": ["units": 3, "input_shape": shape]] }

    static let wrong: [(model: JSON, faults: [String])] = [
        ("{}", [": must be the model's JSON itself (an object), not a string that holds it"]),
        (
            7,
            [
                ": must be what Keras' to_json() prints, or a list of layers like [{\"Dense\": {\"units\": 10}}], not 7"
            ]
        ),
        (
            ["Dense": ["units": 3]],
            [
                ": must be what Keras' to_json() prints, or a list of layers like [{\"Dense\": {\"units\": 10}}], not an "
                    + "object"
            ]
        ),
        (
            ["class_name": "Dense", "config": ["units": 3]],
            ["/class_name: \"Dense\" is not a kind of model; Keras prints Sequential or Functional"]
        ),
        (["class_name": "Sequential", "config": [:]], ["/config/layers: is required"]),
        // Only a Sequential model ever was its list of layers.
        (["class_name": "Model", "config": [dense()]], ["/config: must be an object, not a list"]),
        (["class_name": "Functional", "config": []], ["/config: must be an object, not a list"]),
        ([], [": has no layer that computes anything"]),
        ([input([2])], [": has no layer that computes anything"]),
        ([dense(), input([2])], ["/1/InputLayer: an input must come before all other layers"]),
        (
            [input([2]), ["InputLayer": ["shape": [2]]], dense()],
            ["/1/InputLayer: an input must come before all other layers"]
        ),
        ([input([3]), dense([2])], ["/1/Dense/input_shape: is [2], but the input before it is [3]"]),
        ([input([2, nil]), dense([2])], ["/1/Dense/input_shape: is [2], but the input before it is [2, null]"]),
        // What is behind a layer at fault is not the first layer, whatever is at fault.
        (
            [input([2]), ["Dense": ["units": 0]], dense([9])],
            ["/1/Dense/units: must be a positive whole number, not 0"]
        ),
        ([input([2]), 7, dense([9])], ["/1: must be a layer by name or as an object, not 7"]),
        (
            [["InputLayer": ["shape": [0]]], dense([9])],
            ["/0/InputLayer/shape/0: must be a whole number from 1 to 2147483647, not 0"]
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(Self.job(row.model).faults == row.faults.map { "/model\($0)" })
    }

    /// An input layer and the first layer may say the same in part; what is not said follows from the data.
    @Test func shapesMayBeSaidTwice() {
        let (input, dense) = (Self.input, Self.dense)
        let models: [[JSON]] = [
            [input([2]), dense([2])], [input([nil]), dense([2])], [input([2]), dense([nil])], [input(nil), dense([2])],
            // A layer behind the first has its shape from the one before it, whatever Keras wrote there.
            [input([2]), dense(nil), dense([9])], [dense([2]), dense([9])],
        ]
        for model in models { #expect(Self.job(.array(model)).faults == [], "\(model)") }
        // A model inside says what it takes, too.
        let inside: JSON = ["Sequential": ["name": "s", "layers": [input([3]), dense(nil)]]]
        #expect(
            Self.job([input([2]), inside]).faults == [
                "/model/1/Sequential/layers/0/InputLayer/shape: is [3], but the input before it is [2]"
            ])
        #expect(
            Self.job([inside]).faults == [
                "/train/input: gives rows of shape [2], but the model takes [3] "
                    + "(/model/0/Sequential/layers/0/InputLayer/shape); a reshape in map helps where the counts agree",
                "/evaluate/input: gives rows of shape [2], but the model takes [3] "
                    + "(/model/0/Sequential/layers/0/InputLayer/shape); a reshape in map helps where the counts agree",
            ])
    }

    @Test func aListOfLayersHasALimit() {
        let layers = JSON.array((0..<10_001).map { _ in ["Flatten": [:]] })
        for (model, place) in [
            (layers, "/model"), (["class_name": "Sequential", "config": ["layers": layers]], "/model/config/layers"),
        ] {
            #expect(Self.job(model).faults == ["\(place): must have at most 10000 layers, not 10001"])
        }
    }

    /// Keras 2 has no module, or says its version; its hard sigmoid is another function than Keras 3's.
    @Test func theVersionIsTold() {
        func program(_ model: JSON) -> Substring? {
            Self.job(model).effect.flatMap { text in text.firstRange(of: "\nmodel ").map { text[$0.upperBound...] } }
                .flatMap { text in text.firstIndex(of: "\n").map { text[$0...] } }
        }
        let layers: JSON = [["Dense": ["units": 3, "activation": "hard_sigmoid"]]]
        let config: JSON = ["name": "m", "layers": layers]
        let new = program(layers)
        let old = program(["class_name": "Sequential", "config": config])
        #expect(new != nil && old != nil && new != old)
        #expect(program(["class_name": "Sequential", "config": config, "module": "keras"]) == new)
        #expect(
            program([
                "class_name": "Sequential", "config": config, "module": "keras", "keras_version": "2.15.0",
            ]) == old)
        #expect(
            program(["class_name": "Sequential", "config": config, "module": "keras", "keras_version": "3.0"]) == new)
        // Before Keras 2.2.3 the configuration was the list.
        #expect(program(["class_name": "Sequential", "config": layers]) == old)
    }

    @Test func namesAndTrainingAreTheModels() throws {
        func summary(_ config: JSON) throws -> Substring? {
            let job = Self.job(["class_name": "Sequential", "config": config])
            return try #require(job.definition, "\(job.faults)").plan().summary.split(separator: "\n").first
        }
        #expect(try summary(["layers": [Self.dense()]]) == "Model: sequential")
        #expect(try summary(["layers": [Self.dense()], "name": "mine"]) == "Model: mine")
        #expect(try summary([Self.dense()]) == "Model: sequential")
        let frozen: JSON = ["layers": [Self.dense()], "trainable": false]
        #expect(
            Self.job(["class_name": "Sequential", "config": frozen]).faults.first?.hasPrefix(
                "/model: has no trainable variable") == true)
    }
}
