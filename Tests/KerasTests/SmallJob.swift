import Datasets
import Formats
import Keras
import OrderedCollections

/// A job of a few numbers, for tests of one part of it.
struct SmallJob {
    /// The specification.
    var spec: JSON = [
        "mode": "train_and_evaluate", "use_tpu": false, "train_batch_size": 4,
        "model": [["Dense": ["units": 3, "input_shape": [2]]]],
        "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]], "optimizer": "sgd", "metrics": ["accuracy"],
        "train": ["max_steps": 1, "input": input], "evaluate": ["input": input],
    ]

    /// The folders that its files lie under.
    var roots = DataRoots([])

    /// Rows of two numbers with one of three classes.
    static let input: JSON = [
        "source": ["synthetic": ["features": ["shape": [2]], "labels": ["classes": 3], "examples": 12]]
    ]

    /// The job with a member set.
    static func with(_ name: String, _ value: JSON) -> SmallJob {
        var job = SmallJob()
        job.spec[name] = value
        return job
    }

    /// The same with labels of three numbers a row and not of a class.
    func withThreeLabels() -> SmallJob {
        var job = self
        for section in ["train", "evaluate"] {
            job.spec[section]?["input"]?["source"]?["synthetic"]?["labels"] = ["shape": [3]]
        }
        return job
    }

    /// The job of training alone with a source in the place of its own.
    static func training(_ source: JSON, roots: DataRoots = DataRoots([])) -> SmallJob {
        var job = SmallJob()
        job.roots = roots
        job.spec["mode"] = "train"
        job.spec["evaluate"] = nil
        job.spec["train"]?["input"] = ["source": source]
        return job
    }

    /// Every fault as `pointer: words`.
    var faults: [String] { read().faults.map(\.description) }

    /// The faults without the lists of all names that there are, which grow.
    var faultsWithoutNames: [String] {
        faults.map { fault in
            let ends = ["; this version has ", "; there are "].compactMap { fault.firstRange(of: $0)?.lowerBound }
            return String(fault[..<(ends.min() ?? fault.endIndex)])
        }
    }

    /// The codes of the faults.
    var codes: [String?] { read().faults.map(\.code) }

    /// The job; nil where it is refused.
    var definition: JobDefinition? { read().job }

    /// What the job does, as text; nil where it is refused.
    var effect: String? { read().job?.effect }

    private func read() -> (job: JobDefinition?, faults: [SpecError]) {
        let faults = SpecErrors()
        return (JobDefinition.read(spec, roots: roots, faults: faults), faults.all)
    }
}

extension SmallJob {
    /// The job with rows of another shape.
    func with(features: [Int]) -> SmallJob {
        var job = self
        for section in ["train", "evaluate"] {
            job.spec[section]?["input"]?["source"]?["synthetic"]?["features"]?["shape"] = .array(
                features.map { JSON($0) })
        }
        return job
    }
}
