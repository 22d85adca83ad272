import Formats
import Foundation
import TestSupport

/// The kinds of jobs of a campaign. All but `cancelled` end by themselves, and always in the same way.
enum CampaignKind: String, CaseIterable {
    case training
    case trainingOnTheCPU
    case trainingAndEvaluation
    case augmented
    case evaluation
    case lossNotANumber
    case wrongRow
    case cancelled

    /// What draws are from, which gives most of the work to what takes longest and so is killed most; the one kind that
    /// `TPUD_CAMPAIGN_KIND` names, where it is set.
    private static let drawn: [CampaignKind] = {
        if let name = ProcessInfo.processInfo.environment["TPUD_CAMPAIGN_KIND"] {
            return CampaignKind(rawValue: name).map { [$0] } ?? []
        }
        return [
            .training, .training, .trainingOnTheCPU, .trainingOnTheCPU, .trainingAndEvaluation, .trainingAndEvaluation,
            .augmented, .augmented, .augmented, .evaluation, .lossNotANumber, .wrongRow, .cancelled,
        ]
    }()

    /// A draw; nil where no kind has the name that was asked for.
    static func random(using random: inout SeededGenerator) -> CampaignKind? { drawn.randomElement(using: &random) }

    /// The specification under a name of its own.
    func spec(name: String) -> JSON {
        var spec: JSON
        switch self {
        case .training: spec = Self.digits(steps: 1500, checkpoints: 100, mode: "train")
        case .trainingOnTheCPU:
            spec = Jobs.tiny(steps: 3000)
            spec["use_tpu"] = false
            spec["run_config"] = ["save_checkpoints_steps": 300, "random_seed": 3]
        case .trainingAndEvaluation: spec = Self.digits(steps: 1000, checkpoints: 100, mode: "train_and_evaluate")
        case .augmented: spec = Self.drawing
        case .evaluation:
            spec = Self.digits(steps: 1, checkpoints: 1, mode: "evaluate")
            spec["warm_start_from"] = ["path": .string(CampaignData.weights)]
            for name in ["train", "optimizer", "train_batch_size"] { spec[name] = nil }
        case .lossNotANumber: spec = Self.diverging
        case .wrongRow:
            spec = Jobs.tiny(steps: 100, shards: 8)
            spec["train_batch_size"] = 512
            spec["train"] = [
                "max_steps": 100,
                "input": ["source": ["csv": ["path": .string(CampaignData.table), "label": "label"]]],
            ]
        case .cancelled: spec = Jobs.tiny(steps: 100_000_000, shards: 2)
        }
        spec["name"] = .string(name)
        spec["retry"] = ["max_attempts": 4, "backoff_seconds": 0.05]
        return spec
    }

    private static func digits(steps: Int, checkpoints: Int, mode: String) -> JSON {
        var spec = Jobs.digits(steps: steps, checkpoints: checkpoints)
        spec["mode"] = .string(mode)
        if mode == "train" {
            for name in ["evaluate", "eval_batch_size", "metrics"] { spec[name] = nil }
        }
        if mode == "train_and_evaluate" {
            var evaluate = spec["evaluate"] ?? .null
            evaluate["every_steps"] = 250
            spec["evaluate"] = evaluate
        }
        return spec
    }

    /// Everything that draws: a shuffle, random map steps, dropout; with evaluations in between.
    private static var drawing: JSON {
        var spec = digits(steps: 600, checkpoints: 60, mode: "train_and_evaluate")
        spec["tpu_config"] = ["num_shards": 8, "iterations_per_loop": 7]
        spec["train"]?["input"]?["map"] = [
            ["random_flip": "horizontal_and_vertical"], ["random_crop": [8, 8, 1]], ["cast": "float32"],
            ["scale": 0.0625],
        ]
        spec["model"] = [
            "Flatten", ["Dense": ["units": 32, "activation": "relu"]], ["Dropout": ["rate": 0.3]],
            ["Dense": ["units": 10]],
        ]
        spec["evaluate"]?["every_steps"] = 90
        return spec
    }

    /// Steps that double what is wrong until the loss is not a number, some hundred steps on.
    private static var diverging: JSON {
        var spec = Jobs.tiny(steps: 4000)
        spec["loss"] = "MeanSquaredError"
        spec["optimizer"] = ["SGD": ["learning_rate": 1.05]]
        spec["run_config"] = ["save_checkpoints_steps": 20]
        spec["tpu_config"] = ["num_shards": 1, "iterations_per_loop": 5]
        spec["train"] = [
            "max_steps": 4000,
            "input": [
                "source": [
                    "synthetic": [
                        "features": ["shape": [4], "dtype": "float32"],
                        "labels": ["shape": [2], "dtype": "float32"], "examples": 64, "seed": 1,
                    ]
                ]
            ],
        ]
        return spec
    }
}

/// The data root of a campaign: the digits, a table whose row 10,050 is wrong (past what a submission reads), and weights
/// to evaluate once they are there.
struct CampaignData {
    static let table = "late.csv"
    static let weights = "weights.safetensors"

    let folder: DaemonProcess.StateFolder

    init() throws {
        folder = try DaemonProcess.StateFolder()
        try FileManager.default.copyItem(atPath: DaemonProcess.data + "/digits", toPath: folder.path + "/digits")
        var text = "a,b,label\n"
        for row in 1...10_100 { text += row == 10_050 ? "1,two,0\n" : "1,2,\(row % 2)\n" }
        try Data(text.utf8).write(to: URL(filePath: folder.path).appending(path: Self.table))
    }

    /// Puts weights where jobs of the kind `evaluation` look for them.
    func store(_ weights: [UInt8]) throws {
        try Data(weights).write(to: URL(filePath: folder.path).appending(path: Self.weights))
    }
}
