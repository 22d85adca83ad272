import Datasets
import Estimator
import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct PredictionLinesTests {
    /// A job that predicts with a model of three numbers a row from a file of its variables.
    private struct Prediction {
        let data: TemporaryDirectory
        let model: TemporaryDirectory
        let lock: ModelDirectoryLock
        var spec: JSON

        init() throws {
            data = try TemporaryDirectory()
            model = try TemporaryDirectory()
            lock = try #require(try ModelDirectoryLock(modelDirectory: model.path))
            let kernel = NDArray([1, 0, 0, 0, 1, 0] as [Float], shape: [2, 3])
            try data.write(
                "w.safetensors",
                Safetensors(tensors: ["dense/kernel": kernel, "dense/bias": NDArray([0, 0, 0.5] as [Float])])
                    .serialized())
            try data.write("rows.csv", Array("a,b,label\n1,2,0\n3,0.25,2\n0.1,0.1,1\n".utf8))
            spec = [
                "mode": "predict", "model": [["Dense": ["units": 3, "input_shape": [2]]]],
                "warm_start_from": ["path": "w.safetensors"],
                "predict": ["input": ["source": ["csv": ["path": "rows.csv", "label": "label"]], "batch_size": 2]],
            ]
        }

        /// The faults of the job.
        var faults: [String] {
            let faults = SpecErrors()
            _ = JobDefinition.read(spec, roots: DataRoots([data.path]), faults: faults)
            return faults.all.map(\.description)
        }

        func lines() throws -> [String] {
            let attempt = try JobAttempt(
                spec: spec, modelDirectory: model.path, lock: lock, dataRoots: [data.path],
                execution: ExecutionOptions(), observer: Recorder())
            var prediction = try #require(attempt.prediction)
            var text: [UInt8] = []
            try attempt.estimator.predict(input: prediction.input) { batch in
                text += try prediction.lines.lines { batch[$0] }
            }
            #expect(prediction.lines.count == 3)
            return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    /// Without a loss nobody knows what the numbers are. The labels of the file are left aside.
    @Test func aLineARow() throws {
        #expect(
            try Prediction().lines() == [
                #"{"index":0,"dense":[1.0,2.0,0.5]}"#, #"{"index":1,"dense":[3.0,0.25,0.5]}"#,
                #"{"index":2,"dense":[0.1,0.1,0.5]}"#,
            ])
    }

    @Test func classesOfLogits() throws {
        var prediction = try Prediction()
        prediction.spec["loss"] = ["SparseCategoricalCrossentropy": ["from_logits": true]]
        let lines = try prediction.lines().map { try JSON(parsing: Array($0.utf8)) }
        #expect(lines.map { $0["class"]?.int } == [1, 0, 2])
        // e^2 / (e^1 + e^2 + e^0.5)
        #expect(abs((lines[0]["probability"]?.double ?? 0) - 0.628_532) < 1e-5)
    }

    @Test func classesOfProbabilities() throws {
        var prediction = try Prediction()
        prediction.spec["model"] = [["Dense": ["units": 3, "input_shape": [2], "activation": "softmax"]]]
        for loss in [nil, "sparse_categorical_crossentropy"] as [JSON] {
            prediction.spec["loss"] = loss
            for line in try prediction.lines().map({ try JSON(parsing: Array($0.utf8)) }) {
                let values = line["dense"]?.array?.compactMap(\.double) ?? []
                #expect(line["probability"]?.double == values.max() && abs(values.reduce(0, +) - 1) < 1e-6)
            }
        }
    }

    @Test func whatIsNotFinite() throws {
        var prediction = try Prediction()
        try prediction.data.write("rows.csv", Array("a,b,label\n3e38,2,0\n1,1,0\n1,1,0\n".utf8))
        prediction.spec["predict"]?["input"]?["map"] = [["scale": 10]]
        prediction.spec["loss"] = ["SparseCategoricalCrossentropy": ["from_logits": true]]
        let line = try JSON(parsing: Array(try prediction.lines()[0].utf8))
        #expect(line["dense"]?.array?.contains(.null) == true)
    }

    /// Also a batch size of the job's own.
    @Test func batchSizes() throws {
        var prediction = try Prediction()
        let lines = try prediction.lines()
        prediction.spec["predict"]?["input"]?["batch_size"] = nil
        prediction.spec["use_tpu"] = false
        prediction.spec["predict_batch_size"] = 3
        #expect(try prediction.lines() == lines)
    }

    @Test func faults() throws {
        var prediction = try Prediction()
        #expect(prediction.faults == [])
        prediction.spec["warm_start_from"] = nil
        #expect(prediction.faults == ["/warm_start_from: is required: what is to predict?"])
        prediction = try Prediction()
        prediction.spec["predict"] = nil
        #expect(prediction.faults == ["/predict: is required"])
        prediction = try Prediction()
        prediction.spec["predict_batch_size"] = 9
        #expect(
            prediction.faults == [
                "/predict_batch_size: 9 must be divisible by the number of shards 8 (tpu_config.num_shards)",
                "/predict/input/batch_size: is 2, but predict_batch_size is 9 and rules; leave it out",
            ])
    }
}
