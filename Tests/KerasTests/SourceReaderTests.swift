import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

@Suite struct SourceReaderTests {
    private static let pointer = "/train/input/source"
    /// Ten rows of `a,b,label`.
    private static let roots = DataRoots([ProjectFiles.ownCases.appending(path: "field/data").path])

    private static func job(_ source: JSON) -> SmallJob { SmallJob.training(source, roots: roots) }

    static let wrong: [(source: JSON, faults: [String])] = [
        ([:], [": must name a kind of data: csv, idx, safetensors, synthetic, text; for example \(example)"]),
        (["csv": nil], [": must name a kind of data: csv, idx, safetensors, synthetic, text; for example \(example)"]),
        (
            ["tfrecord": [:]],
            [
                "/tfrecord: tfrecord sources are not supported yet; this version has csv, idx, safetensors, synthetic, text"
            ]
        ),
        (
            ["npy": [:], "csv": ["path": "ten.csv"]],
            [
                "/npy: npy sources are not supported yet; this version has csv, idx, safetensors, synthetic, text",
                ": must have one kind of data, not 2: npy, csv",
            ]
        ),
        (
            ["csv": ["path": "ten.csv", "label": "label"], "sheet": 1],
            ["/sheet: \"sheet\" is not a source; there are csv, idx, safetensors, synthetic, text"]
        ),
        (["idx": 7], ["/idx: must be an object, not 7"]), (["idx": [:]], ["/idx/features: is required"]),
        (
            ["csv": ["path": "https://example.com/a.csv"]],
            ["/csv/path: files of other machines are not supported yet"]
        ),
        (
            ["safetensors": ["path": "http://example.com/a", "features": "x"]],
            ["/safetensors/path: files of other machines are not supported yet"]
        ),
        (
            ["csv": ["path": JSON(String(repeating: "a", count: 4096))]],
            ["/csv/path: must have at most 4095 characters, not 4096"]
        ),
        (["csv": [:]], ["/csv/path: is required"]),
        (
            ["csv": ["path": "ten.csv", "features": []]],
            ["/csv/features: must have 1 to 100000 elements, not 0"]
        ),
        (
            ["csv": ["path": "ten.csv", "dtypes": "float32"]],
            ["/csv/dtypes: must be an object such as {\"label\":\"float32\"}, not \"float32\""]
        ),
        (
            ["csv": ["path": "ten.csv", "label": "label", "dtypes": ["a": "int64", "b": "real", "label": "uint8"]]],
            [
                "/csv/dtypes/a: int64 is not supported yet: a feature's column is float32",
                "/csv/dtypes/b: \"real\" is not a type; a feature's column is float32",
                "/csv/dtypes/label: uint8 is not supported yet: a label's column is int64 or float32",
            ]
        ),
        (
            ["csv": ["path": "ten.csv", "label": "label", "dtypes": ["label": "whole"]]],
            ["/csv/dtypes/label: \"whole\" is not a type; a label's column is int64 or float32"]
        ),
        (
            ["csv": ["path": "ten.csv", "label": "label", "dtypes": ["label": 7, "c": "float32"]]],
            [
                "/csv/dtypes/label: must be a string, not 7",
                "/csv/dtypes/c: ten.csv has no column \"c\"; its header has \"a\", \"b\", \"label\"",
            ]
        ),
        (["safetensors": [:]], ["/safetensors/path: is required", "/safetensors/features: is required"]),
        (
            ["safetensors": ["path": "warm_good.safetensors", "features": ["x": "dense/kernel"]]],
            [
                "/safetensors/features: by the names of inputs and outputs are not supported yet; list tensors in the order "
                    + "of the model's"
            ]
        ),
        (
            [
                "safetensors": [
                    "path": "warm_good.safetensors", "features": [],
                    "labels": .array((0...100).map { JSON("y\($0)") }),
                ]
            ],
            [
                "/safetensors/features: must have 1 to 100 elements, not 0",
                "/safetensors/labels: must have at most 100 elements, not 101",
            ]
        ),
        (
            ["text": ["path": "nowhere.txt"]],
            [
                "/text/sequence_length: is required", "/text/path: nowhere.txt does not exist under the data roots",
            ]
        ),
        (
            ["text": ["path": "ten.csv", "sequence_length": 0, "sequence_stride": "x", "sequence_strid": 1]],
            [
                "/text/sequence_length: must be a whole number from 1 to 2147483647, not 0",
                "/text/sequence_stride: must be a whole number from 1 to 2147483647, not \"x\"",
                "/text/sequence_strid: is not a known field; did you mean \"sequence_stride\"?",
            ]
        ),
        (["text": ["sequence_length": 8]], ["/text/path: is required"]),
        (
            ["synthetic": ["labels": [:], "seed": -1]],
            [
                "/synthetic/features: is required",
                "/synthetic/labels: must have classes, or a shape: {\"classes\": 10} for example",
                "/synthetic/examples: is required", "/synthetic/seed: must be a whole number of at least 0, not -1",
            ]
        ),
        (
            [
                "synthetic": [
                    "features": ["shape": JSON([Int](repeating: 1, count: 33))],
                    "labels": ["classes": 0, "dtype": "int32"],
                    "examples": 4_294_967_295,
                ]
            ],
            [
                "/synthetic/features/shape: must have at most 32 elements, not 33",
                "/synthetic/labels/dtype: has no meaning beside classes, which are whole numbers; leave one of them out",
                "/synthetic/labels/classes: must be a whole number from 1 to 1000000, not 0",
                "/synthetic/examples: must be a whole number from 1 to 4294967294, not 4294967295",
            ]
        ),
        (
            [
                "synthetic": [
                    "features": ["shape": [2], "shap": 1], "labels": ["shape": "x", "clases": 3], "examples": 1,
                ]
            ],
            [
                "/synthetic/features/shap: is not a known field; did you mean \"shape\"?",
                "/synthetic/labels/shape: must be a list, not \"x\"",
                "/synthetic/labels/clases: is not a known field; did you mean \"classes\"?",
            ]
        ),
    ]

    static let example = "{\"csv\":{\"path\":\"iris/iris.csv\",\"label\":\"label\"}}"

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(Self.job(row.source).faults == row.faults.map { Self.pointer + $0 })
    }

    private static func canonical(_ job: SmallJob) -> JSON? {
        job.definition?.canonical["train"]?["input"]?["source"]
    }

    /// A label's type is the one that is said, else the one that the map needs, else the one that the loss needs.
    @Test func aLabelHasItsType() throws {
        func type(loss: JSON, dtypes: JSON = nil, map: JSON = nil) -> String? {
            var job = Self.job(["csv": ["path": "ten.csv", "label": "label", "dtypes": dtypes]])
            let isSparse = loss == "sparse_categorical_crossentropy"
            job.spec["loss"] = loss
            job.spec["metrics"] = nil
            job.spec["model"] = [["Dense": ["units": isSparse || map != nil ? 3 : 1]]]
            job.spec["train"]?["input"]?["map"] = map
            #expect(job.faults.isEmpty)
            return Self.canonical(job)?["csv"]?["dtypes"]?["label"]?.string
        }
        #expect(type(loss: "sparse_categorical_crossentropy") == "int64")
        #expect(type(loss: "sparse_categorical_crossentropy", dtypes: ["label": "float32"]) == "float32")
        #expect(type(loss: "mse") == "float32")
        #expect(type(loss: "mse", dtypes: ["label": "int64", "a": "float32"]) == "int64")
        #expect(type(loss: "mse", map: [["one_hot": 3]]) == "int64")
    }

    @Test func aCSVFileIsShownWithWhatWasNotSaid() {
        #expect(
            Self.canonical(Self.job(["csv": ["path": "ten.csv", "label": "label", "features": ["b", "a"]]]))
                == [
                    "csv": [
                        "path": "ten.csv", "label": "label", "features": ["b", "a"], "dtypes": ["label": "int64"],
                        "sample_weight": nil,
                    ]
                ])
        let given: JSON = ["synthetic": ["features": ["shape": [2]], "labels": ["classes": 3], "examples": 12]]
        #expect(Self.canonical(Self.job(given)) == given)
    }

    /// One tensor by its name, or as a list of one; a list of no labels is none.
    @Test func tensorsAreNamed() throws {
        let folder = try TemporaryDirectory()
        let file = Safetensors(tensors: [
            "x": NDArray([1, 2, 3, 4] as [Float], shape: [2, 2]), "y": NDArray([0, 1] as [Int32]),
        ])
        try folder.write("d.safetensors", file.serialized())
        func job(_ features: JSON, _ labels: JSON) -> SmallJob {
            SmallJob.training(
                ["safetensors": ["path": "d.safetensors", "features": features, "labels": labels]],
                roots: DataRoots([folder.path]))
        }
        let plain = job("x", "y")
        #expect(plain.faults == [])
        #expect(plain.effect == job(["x"], ["y"]).effect)
        for labels in [nil, []] as [JSON] {
            #expect(job("x", labels).faults == ["\(Self.pointer): has no labels, and the loss needs them"])
        }
    }

    /// What synthetic data is made of changes what is read.
    @Test func everyPartOfSyntheticDataActs() {
        func effect(_ features: JSON, _ labels: JSON, _ examples: Int, _ seed: JSON) -> String? {
            var job = Self.job([
                "synthetic": ["features": features, "labels": labels, "examples": JSON(examples), "seed": seed]
            ])
            job.spec["loss"] = "mse"
            job.spec["metrics"] = nil
            return job.effect
        }
        let numbers: JSON = ["shape": [3]]
        let plain = effect(["shape": [2]], numbers, 12, nil)
        #expect(plain != nil)
        #expect(plain == effect(["shape": [2], "dtype": "float32"], ["shape": [3], "dtype": "float32"], 12, 0))
        let others = [
            effect(["shape": [2], "dtype": "uint8"], numbers, 12, nil), effect(["shape": [2]], numbers, 13, nil),
            effect(["shape": [2]], ["shape": [3], "dtype": "int64"], 12, nil), effect(["shape": [2]], numbers, 12, 1),
        ]
        #expect(!others.contains(nil))
        #expect(Set(others + [plain]).count == 5)
    }
}
