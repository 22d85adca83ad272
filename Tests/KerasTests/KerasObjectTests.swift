import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct KerasObjectTests {
    private func job(_ layer: JSON) -> SmallJob { SmallJob.with("model", [layer, ["Dense": ["units": 3]]]) }

    private static let ownClass = "is a class of the user's own; its code is not in the JSON"

    static let wrong: [(layer: JSON, faults: [String])] = [
        (7, [": must be a layer by name or as an object, not 7"]),
        (
            [:],
            [
                ": must be a layer as {\"ClassName\": {…}} or {\"class_name\": …, \"config\": {…}}, not an object of 0 "
                    + "members"
            ]
        ),
        (
            ["Flatten": [:], "Activation": "relu"],
            [
                ": must be a layer as {\"ClassName\": {…}} or {\"class_name\": …, \"config\": {…}}, not an object of 2 "
                    + "members"
            ]
        ),
        (["Flatten": 7], ["/Flatten: must be an object, not 7"]),
        (["Flatten": []], ["/Flatten: must be an object, not a list"]),
        (["class_name": nil, "config": [:]], ["/class_name: is required"]),
        (["class_name": 7], ["/class_name: must be a string, not 7"]),
        (["class_name": "Flatten", "config": []], ["/config: must be an object, not a list"]),
        (["class_name": "Flatten", "config": "x"], ["/config: must be an object, not \"x\""]),
        (
            ["class_name": "Flatten", "confg": [:]],
            ["/confg: is not a known field; did you mean \"config\"?"]
        ),
        (
            ["class_name": "Mine", "registered_name": "Custom>Mine", "config": [:]],
            ["/registered_name: Custom>Mine \(ownClass)"]
        ),
        (
            ["class_name": "Dense", "module": "kerasx.layers", "config": ["units": 3]],
            ["/registered_name: kerasx.layers.Dense \(ownClass)"]
        ),
        (
            ["class_name": "Lately", "module": "keras.layers", "config": [:]],
            ["/class_name: layer Lately is not supported yet"]
        ),
        (
            ["class_name": "Zzz", "module": "builtins", "config": [:]],
            ["/class_name: \"Zzz\" is not a known layer"]
        ),
        (
            ["class_name": JSON(String(repeating: "L", count: 61)), "module": "keras", "config": [:]],
            [
                "/class_name: layer \(String(repeating: "L", count: 60))… is not supported yet"
            ]
        ),
        (["TFSMLayer": [:]], ["/TFSMLayer: layer TFSMLayer is not supported yet"]),
        ("Flaten", [": \"Flaten\" is not a known layer; did you mean \"Flatten\"?"]),
        ("Fl\u{202E}atten", [": must not hold the bidirectional character U+202E"]),
        (["class_name": "Fl\u{202E}atten"], ["/class_name: must not hold the bidirectional character U+202E"]),
        (
            ["Flatten": ["dtype": "float16"]],
            ["/Flatten/dtype: float16 is not supported yet; this version computes in float32 or mixed_bfloat16"]
        ),
        (
            ["Flatten": ["dtype": 7]],
            ["/Flatten/dtype: 7 is not supported yet; this version computes in float32 or mixed_bfloat16"]
        ),
        (
            ["Flatten": ["dtype": ["class_name": "DTypePolicy", "config": ["name": "mixed_float16"]]]],
            ["/Flatten/dtype: mixed_float16 is not supported yet; this version computes in float32 or mixed_bfloat16"]
        ),
        (
            ["Flatten": ["dtype": [:]]],
            ["/Flatten/dtype: an object is not supported yet; this version computes in float32 or mixed_bfloat16"]
        ),
        // Without a value it is not one of NumPy's arrays.
        (
            ["Rescaling": ["scale": ["class_name": "__numpy__", "config": [:]]]],
            ["/Rescaling/scale: must be a finite number, not an object"]
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(job(row.layer).faultsWithoutNames == row.faults.map { "/model/0\($0)" })
    }

    /// Keras' forms and the short ones mean the same.
    @Test func everyFormIsRead() throws {
        func plan(_ layer: JSON) throws -> JSON {
            let job = job(layer)
            return try #require(job.definition, "\(job.faults)").plan().json
        }
        let flat = try plan(["Flatten": [:]])
        for layer in [
            "Flatten", ["Flatten": nil], ["class_name": "Flatten"], ["class_name": "Flatten", "config": nil],
            [
                "module": "keras.layers", "class_name": "Flatten", "config": ["name": "flatten", "dtype": "float32"],
                "registered_name": nil, "build_config": ["input_shape": [nil, 2]],
            ],
            ["Flatten": ["dtype": ["module": "keras", "class_name": "DTypePolicy", "config": ["name": "float32"]]]],
        ] as [JSON] { #expect(try plan(layer) == flat, "\(layer)") }
    }

    /// A function got by name has its name for a configuration.
    @Test func aFunctionIsItsName() {
        func effect(_ activation: JSON) -> String? { job(["Activation": ["activation": activation]]).effect }
        let plain = effect("tanh")
        #expect(plain != nil)
        for form in [
            ["class_name": "function", "config": "tanh"],
            ["module": "builtins", "class_name": "function", "config": "tanh", "registered_name": "function"],
        ] as [JSON] { #expect(effect(form) == plain) }
        #expect(
            job(["Activation": ["activation": ["class_name": "function", "config": [:]]]]).faults.first?.hasPrefix(
                "/model/0/Activation/activation/class_name: \"function\" is not a known activation") == true)
    }
}
