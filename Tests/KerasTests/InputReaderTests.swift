import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Several faults inside one `input` are told in one answer, each with what was found, what was expected and a way out that
/// is taken.
@Suite struct InputReaderTests {
    /// An input, and the words of every fault that must be told, by its pointer from the input on. There are no others.
    struct Row: CustomStringConvertible, Sendable {
        let input: JSON
        let faults: [(pointer: String, words: [String])]
        var description: String { input.text }
    }

    private static let csv: JSON = ["csv": ["path": "iris/iris.csv", "label": "label"]]

    static let rows: [Row] = [
        Row(
            input: [
                "source": ["cvs": ["path": "iris/iris.csv"]],
                "map": [["scael": 2], ["cast": "float33"], ["scale": "2"]],
                "shuffle": ["buffer_size": 0, "sed": 1], "repeat": "twice", "prefetch": 2.5, "prefetsh": 4,
                "drop_remainder": false,
            ],
            faults: [
                ("/source/cvs", ["is not a source", "did you mean \"csv\"?", "csv, idx, safetensors, synthetic"]),
                ("/map/0/scael", ["is not a map step", "did you mean \"scale\"?", "cast, normalize, offset, one_hot"]),
                ("/map/1/cast", ["\"float33\" is not a type", "float32", "int64"]),
                ("/map/2/scale", ["must be a finite number, not \"2\""]),
                ("/shuffle/buffer_size", ["must be a whole number from 1 to", "not 0"]),
                ("/shuffle/sed", ["did you mean \"seed\"?"]),
                ("/repeat", ["must be a whole number from 1 to", "not \"twice\""]),
                ("/prefetch", ["must be a whole number from 1 to 1024, not 2.5"]),
                ("/prefetsh", ["did you mean \"prefetch\"?"]),
                ("/drop_remainder", ["must be true"]),
            ]),
        Row(
            input: [
                "source": [
                    "csv": [
                        "path": "iris/iris.csv", "label": "lable", "features": ["petal_length_cm", 7, "petal"],
                        "dtypes": ["lable": "float33", "gone": "float32"], "header": true,
                    ]
                ],
                "map": [["one_hot": 0]], "batch_size": 7,
            ],
            faults: [
                ("/source/csv/label", ["has no column \"lable\"", "did you mean \"label\"?", "\"petal_length_cm\""]),
                ("/source/csv/features/1", ["must be a string, not 7"]),
                ("/source/csv/features/2", ["has no column \"petal\""]),
                ("/source/csv/dtypes/lable", ["\"float33\" is not a type", "int64 or float32"]),
                ("/source/csv/dtypes/gone", ["has no column \"gone\""]),
                ("/source/csv/header", ["is not a known field"]),
                ("/map/0/one_hot", ["must be a whole number from 1 to 1000000, not 0"]),
                ("/batch_size", ["is 7, but train_batch_size is 8"]),
            ]),
        Row(
            input: [
                "source": csv,
                "map": [
                    ["reshape": [3]], ["normalize": ["mean": [1, 2, 3], "std": [1]]], ["scale": 1, "offset": "x"], [:],
                    "cast",
                ],
                "shuffle": 1000,
            ],
            faults: [
                ("/map/2", ["must be one step", "2 members"]), ("/map/2/offset", ["finite number, not \"x\""]),
                ("/map/3", ["must be one step", "normalize"]), ("/map/4", ["{\"scale\":0.5}", "not \"cast\""]),
                ("/shuffle", ["{\"buffer_size\":1000}", "not 1000"]),
            ]),
        Row(
            input: [
                "source": csv,
                "map": [
                    ["reshape": [3]], ["normalize": ["mean": [1, 2, 3], "std": [1]]], ["one_hot": 2], ["one_hot": 3],
                ],
            ],
            faults: [
                ("/map/0/reshape", ["[3] does not hold the 4 elements"]), ("/map/2/one_hot", ["there are 2 classes"]),
                ("/map/3/one_hot", ["given twice"]),
            ]),
        Row(
            input: ["source": csv, "map": [["normalize": ["mean": [1, 2, 3], "std": [1, 2]]]]],
            faults: [
                ("/map/0/normalize/mean", ["not 3", "[4]"]), ("/map/0/normalize/std", ["not 2", "[4]"]),
            ]),
        Row(
            input: ["source": ["idx": ["features": 7, "labels": "digits/nowhere", "lables": "x"]], "cache": "yes"],
            faults: [
                ("/source/idx/features", ["must be a string, not 7"]),
                ("/source/idx/labels", ["digits/nowhere does not exist under the data roots"]),
                ("/source/idx/lables", ["did you mean \"labels\"?"]), ("/cache", ["true or false, not \"yes\""]),
            ]),
        Row(
            input: ["source": ["safetensors": ["path": "nowhere.safetensors", "features": ["a": "b"], "labels": 3]]],
            faults: [
                ("/source/safetensors/path", ["nowhere.safetensors does not exist"]),
                ("/source/safetensors/features", ["not supported yet"]),
                ("/source/safetensors/labels", ["must be a string, not 3"]),
            ]),
        Row(
            input: [
                "source": [
                    "synthetic": [
                        "features": ["shape": [4, 0], "dtype": "float31"],
                        "labels": ["classes": 3, "shape": [1]], "examples": -1, "sead": 1,
                    ]
                ]
            ],
            faults: [
                ("/source/synthetic/features/shape/1", ["from 1 to 2147483647, not 0"]),
                ("/source/synthetic/features/dtype", ["not \"float31\"", "did you mean \"float32\"?"]),
                ("/source/synthetic/labels/shape", ["beside classes"]),
                ("/source/synthetic/examples", ["not -1"]), ("/source/synthetic/sead", ["did you mean \"seed\"?"]),
            ]),
        Row(
            input: ["source": ["csv": ["path": "iris/iris.csv"], "idx": ["features": "a"], "npy": nil], "shufle": 1],
            faults: [("/source", ["not 2: csv, idx"]), ("/shufle", ["did you mean \"shuffle\"?"])]),
        Row(
            input: ["source": "iris/iris.csv", "map": "scale"],
            faults: [
                ("/source", ["must be an object such as {\"csv\":", "not \"iris/iris.csv\""]),
                ("/map", ["must be a list, not \"scale\""]),
            ]),
        Row(
            input: ["source": [:], "feature": "x", "shards": 2],
            faults: [
                ("/source", ["csv, idx, safetensors, synthetic", "{\"csv\":"]),
                ("/feature", ["\"features\", which may be meant, is not supported yet"]),
                ("/shards", ["\"shard\", which may be meant, is not supported yet"]),
            ]),
        // A name that is not a member is found by the system's words for it, not by their number.
        Row(
            input: [
                "source": [
                    "csv": ["path": .string(String(repeating: "n", count: 300)), "label": 1]
                ]
            ],
            faults: [
                ("/source/csv/path", ["can't be opened: the name is too long"]),
                ("/source/csv/label", ["must be a string, not 1"]),
            ]),
    ]

    private static func job(_ input: JSON) -> JSON {
        [
            "mode": "train", "train_batch_size": 8, "model": [["Dense": ["units": 3]]],
            "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]], "optimizer": "sgd",
            "train": ["max_steps": 1, "input": input],
        ]
    }

    static func faults(_ job: JSON) -> [SpecError] {
        let faults = SpecErrors()
        let definition = JobDefinition.read(job, roots: JobReaderTests.roots, faults: faults)
        #expect((definition == nil) == !faults.isEmpty)
        return faults.all
    }

    @Test(arguments: rows) func allAreTold(_ row: Row) {
        let found = Self.faults(Self.job(row.input))
        #expect(
            found.map { "\($0.pointer)" }.sorted() == row.faults.map { "/train/input" + $0.pointer }.sorted(),
            "\(found)")
        for (pointer, words) in row.faults {
            let detail = found.first { "\($0.pointer)" == "/train/input" + pointer }?.detail ?? ""
            for word in words { #expect(detail.contains(word), "\(pointer) does not say \(word): \(detail)") }
        }
        for fault in found {
            #expect(!fault.detail.contains(ProjectFiles.root.path), "\(fault)")
            #expect(!fault.detail.contains("NSCocoa") && !fault.detail.contains("errno"), "\(fault)")
        }
    }

    /// The input is read where the mode is at fault, and held against the model where something else is.
    @Test func faultsElsewhereHideNoFaultOfTheInput() {
        var job = Self.job(["source": Self.csv, "shuffle": ["buffer_size": 0]])
        job["mode"] = "trian"
        job["optimizer"] = "sdg"
        job["metrics"] = ["acuracy"]
        job["model"] = [["Dense": ["units": 2]]]
        job["train"]?["max_steps"] = 0
        let found = Self.faults(job)
        #expect(
            found.map { "\($0.pointer)" } == [
                "/mode", "/optimizer", "/metrics/0", "/train/max_steps", "/train/input/shuffle/buffer_size",
                "/train/input/source",
            ], "\(found)")
        #expect(found.last?.detail.contains("there are 2 classes") == true, "\(found)")
    }

    /// Names that Keras knows and this version does not have: they are never what was meant.
    static let names: [(change: @Sendable (inout JSON) -> Void, pointer: String, words: [String])] = [
        (
            { $0["mode"] = "predct" }, "/mode",
            ["\"train\", \"evaluate\", \"predict\" or \"train_and_evaluate\"", "did you mean \"predict\"?"]
        ),
        ({ $0["loss"] = "hubber" }, "/loss", ["is not a known loss", "did you mean \"Huber\"?", "MeanSquaredError"]),
        (
            { $0["loss"] = "CTCC" }, "/loss",
            ["is not a known loss", "did you mean \"CTC\"?", "MeanSquaredError"]
        ),
        ({ $0["optimizer"] = "rmsprp" }, "/optimizer", ["did you mean \"RMSprop\"?", "adam"]),
        ({ $0["optimizer"] = "Moun" }, "/optimizer", ["is not a known optimizer", "\"Muon\", which", "adam"]),
        ({ $0["optimizer"] = "adan" }, "/optimizer", ["did you mean \"Adam\"?"]),
        (
            { $0["metrics"] = ["precison"] }, "/metrics/0",
            ["is not a known metric", "did you mean \"Precision\"?", "accuracy"]
        ),
        (
            { $0["metrics"] = ["ConfusionMatrx"] }, "/metrics/0",
            ["is not a known metric", "\"ConfusionMatrix\", which may be meant, is not", "accuracy"]
        ),
        (
            { $0["model"] = [["Resizng": ["width": 5]], ["Dense": ["units": 3]]] }, "/model/0/Resizng",
            ["is not a known layer", "\"Resizing\", which", "Dense", "Flatten"]
        ),
        (
            { $0["model"] = [["Dense": ["units": 3, "activation": "rleu"]]] }, "/model/0/Dense/activation",
            ["did you mean \"relu\"?", "softmax"]
        ),
        (
            { $0["model"] = [["Dense": ["units": 3, "kernel_initializer": "glorot_unifrom"]]] },
            "/model/0/Dense/kernel_initializer", ["did you mean \"GlorotUniform\"?", "HeNormal"]
        ),
        (
            { $0["optimizer"] = ["SGD": ["clipnrm": 1]] }, "/optimizer/SGD/clipnrm",
            ["did you mean \"clipnorm\"?"]
        ),
        (
            { $0["train"]?["input"]?["map"] = [["random_flp": "horizontal"]] }, "/train/input/map/0/random_flp",
            ["did you mean \"random_flip\"?", "there are cast"]
        ),
        (
            { $0["train"]?["input"]?["source"] = ["tfrecords": [:]] }, "/train/input/source/tfrecords",
            ["\"tfrecord\", which may be meant, is not supported yet", "there are csv"]
        ),
        (
            { $0["tpu_config"] = ["iterations_per_loop": "many"] }, "/tpu_config/iterations_per_loop",
            ["must be a number of steps, or a time", "not \"many\""]
        ),
        (
            { $0["tpu_config"] = ["per_host_input_for_training": "yes"] }, "/tpu_config/per_host_input_for_training",
            ["must be true or false, not \"yes\""]
        ),
        (
            { $0["train"]?["batch_axis"] = [0] }, "/train/batch_axis",
            ["belongs at /batch_axis, where it is not supported yet"]
        ),
    ]

    @Test(arguments: names.indices) func whatIsSuggestedIsTaken(_ index: Int) {
        let row = Self.names[index]
        var job = Self.job(["source": Self.csv])
        #expect(Self.faults(job).isEmpty)
        row.change(&job)
        let found = Self.faults(job)
        #expect(found.map { "\($0.pointer)" } == [row.pointer], "\(found)")
        for word in row.words { #expect(found.first?.detail.contains(word) == true, "\(word): \(found)") }
    }
}
