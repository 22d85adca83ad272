import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Keras
import OrderedCollections
import Synchronization
import TestSupport
import Testing

/// The first step of three models of `keras.applications` for images of 32×32 and ten classes, against Keras 3.15.1 in double
/// precision (`first-step.json`, with the script that made it). Weights are too large to ship: they follow from a rule, and
/// of what becomes of each variable two numbers are held, the length of its change and the change's product with signs. They
/// may be off by eight times as much as Keras' own are in single precision.
@Suite struct ApplicationsFirstStepTests {
    /// Rows of a batch, the extent of an image, and classes.
    private static let (batch, size, classes) = (16, 32, 10)

    static let all = ["ResNet50", "MobileNetV2", "EfficientNetB0"]

    /// `count` numbers from 0 to below 1: the upper 24 bits of SplitMix64's outputs.
    private static func units(_ seed: UInt64, _ count: Int) -> [Float] {
        (1...max(1, UInt64(count))).map { index in
            var z = seed &+ index &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Float((z ^ (z >> 31)) >> 40) * 0x1p-24
        }
    }

    /// Kernels are uniform by what goes in, variances and gammas 1, all else 0.
    private static func initial(_ name: String, _ shape: [Int], place: Int) -> NDArray {
        let count = shape.reduce(1, *)
        let last = name.split(separator: "/").last ?? ""
        if ["gamma", "moving_variance", "variance"].contains(last) {
            return NDArray([Float](repeating: 1, count: count), shape: shape)
        }
        guard last.contains("kernel") else { return NDArray([Float](repeating: 0, count: count), shape: shape) }
        let isDepthwise = shape.count == 4 && shape[3] == 1 && shape[0] > 1
        let goesIn = shape.dropLast().reduce(1, *) / (isDepthwise ? shape[2] : 1)
        let bound = (3 / Double(goesIn)).squareRoot()
        return NDArray(units(UInt64(place), count).map { Float((2 * Double($0) - 1) * bound) }, shape: shape)
    }

    private static func fixture(_ name: String) -> String {
        ProjectFiles.root.appending(path: "Tests/Fixtures/applications/\(name)").path
    }

    @Test(arguments: all) func isKerasOwn(_ name: String) throws {
        let facts = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: Self.fixture("first-step.json")))))
        let expected = try #require(facts[name])
        let variables = try #require(expected["variables"]?.object)
        let stream = try ByteStream(OpenFile(path: Self.fixture("\(name)-\(Self.size).json.gz")))
        let model = try JSON(parsing: stream.next(1 << 24))

        let folder = try TemporaryDirectory()
        let roots = DataRoots([folder.path])
        let images = Self.units(1000, Self.batch * Self.size * Self.size * 3)
        let rows: OrderedDictionary = [
            "x": NDArray(images, shape: [Self.batch, Self.size, Self.size, 3]),
            "y": NDArray((0..<Self.batch).map { Int32($0 % Self.classes) }),
        ]
        try folder.write("rows.safetensors", Safetensors(tensors: rows).serialized())
        var job = SmallJob.training(
            ["safetensors": ["path": "rows.safetensors", "features": "x", "labels": "y"]], roots: roots)
        job.spec["train_batch_size"] = JSON(Self.batch)
        job.spec["model"] = model
        job.spec["loss"] = "sparse_categorical_crossentropy"
        job.spec["optimizer"] = ["SGD": ["learning_rate": 0.125]]
        job.spec["metrics"] = nil
        let plan = try #require(job.definition, "\(job.faults)").plan()
        var before: OrderedDictionary<String, NDArray> = [:]
        for (place, path) in variables.keys.enumerated() {
            let variable = try #require(plan.variables.first { $0.name == path }, "there is no \(path)")
            before[path] = Self.initial(path, variable.shape, place: place)
        }
        #expect(plan.variables.count == variables.count)
        try folder.write("start.safetensors", Safetensors(tensors: before).serialized())
        job.spec["warm_start_from"] = ["path": "start.safetensors"]

        let definition = try #require(job.definition, "\(job.faults)")
        let recorder = LossRecorder()
        let estimator = try definition.estimator(
            modelDirectory: folder.path + "/model", lock: nil, roots: roots, execution: ExecutionOptions(),
            observer: recorder)
        _ = try estimator.train(input: try #require(try definition.trainingInput(roots)), maxSteps: 1)
        let loss = try #require(recorder.losses.first)
        let wantedLoss = try #require(expected["loss"]?.double)
        let single = try #require(expected["single_precision"])
        let lossError = abs(loss - wantedLoss) / wantedLoss
        #expect(lossError <= 8 * (try #require(single["loss"]?.double)), "the loss is \(loss), not \(wantedLoss)")

        // What has a gradient of nothing but rounding counts as a part of this length.
        let leastLength = try #require(single["least_length"]?.double)
        var errors: [(error: Double, path: String)] = []
        let after = try #require(try estimator.checkpointStore().latestGood()).variables
        for (place, (path, numbers)) in variables.enumerated() {
            let array = try #require(after.first { $0.name == path }, "there is no \(path)").array
            let change = zip(array.doubles, try #require(before[path]).doubles).map(-)
            let signs = Self.units(UInt64(2000 + place), change.count).map { $0 < 0.5 ? -1.0 : 1.0 }
            let length = change.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let product = zip(change, signs).reduce(0) { $0 + $1.0 * $1.1 }
            let wanted = try #require(numbers.array).compactMap(\.double)
            let error = max(abs(length - wanted[0]), abs(product - wanted[1])) / max(wanted[0], leastLength)
            errors.append((error, path))
        }
        errors.sort { $0.error < $1.error }
        let (middle, worst) = (errors[errors.count / 2], try #require(errors.last))
        print("\(name): the loss is off by \(lossError), changes by \(middle.error), at most \(worst)")
        #expect(middle.error <= 8 * (try #require(single["middle"]?.double)), "\(middle)")
        #expect(worst.error <= 8 * (try #require(single["worst"]?.double)), "\(worst)")
    }
}

/// The losses of a training, one for each loop.
private final class LossRecorder: TrainingObserver, Sendable {
    private let recorded = Mutex<[Double]>([])
    var losses: [Double] { recorded.withLock { $0 } }
    func progressed(_ progress: TrainingProgress) { recorded.withLock { $0.append(progress.loss) } }
}
