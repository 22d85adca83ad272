package import Formats
package import Jobs

/// What the daemon tells a worker.
package enum DaemonFrame: Sendable, Equatable {
    /// Do this; sent once, first.
    case start(Assignment)
    /// Write a last checkpoint and end; the outcome follows from the stop request.
    case stop(StopIntent)
    /// Write a checkpoint and go on.
    case checkpoint
    /// Trace the next steps, at least 1, and go on.
    case profile(steps: Int)

    /// The frame as JSON.
    package var json: JSON {
        switch self {
        case .start(let assignment):
            [
                "frame": "start", "job": .string(assignment.job), "attempt": JSON(assignment.attempt),
                "epoch": JSON(assignment.epoch), "spec": assignment.spec,
                "model_dir": .string(assignment.modelDirectory), "data_roots": JSON(assignment.dataRoots),
                "threads": JSON(assignment.threads), "target_step": .optional(assignment.targetStep) { JSON($0) },
                "heartbeat_seconds": JSON(assignment.heartbeat),
                "memory_bytes": .optional(assignment.memoryBytes) { JSON($0) },
            ]
        case .stop(let intent): ["frame": "stop", "intent": .string(intent.rawValue)]
        case .checkpoint: ["frame": "checkpoint"]
        case .profile(let steps): ["frame": "profile", "steps": JSON(steps)]
        }
    }

    /// Reads a frame strictly.
    /// - Throws: ``FrameError``.
    package init(_ json: JSON) throws(FrameError) {
        var fields = try FrameFields(json)
        switch fields.frame {
        case "start":
            let assignment = Assignment(
                job: try fields.string("job"), attempt: try fields.count("attempt"), epoch: try fields.count("epoch"),
                spec: try fields.json("spec"), modelDirectory: try fields.string("model_dir"),
                dataRoots: try fields.strings("data_roots"), threads: try fields.count("threads"),
                targetStep: try fields.optionalCount("target_step"), heartbeat: try fields.double("heartbeat_seconds"),
                memoryBytes: try fields.optionalCount("memory_bytes"))
            guard assignment.threads >= 1 else { throw .field(frame: "start", name: "threads", detail: "is 0") }
            guard assignment.heartbeat > 0 else {
                throw .field(frame: "start", name: "heartbeat_seconds", detail: "is not positive")
            }
            self = .start(assignment)
        case "stop":
            self = .stop(try fields.required("intent", "intent") { $0.string.flatMap(StopIntent.init) })
        case "checkpoint": self = .checkpoint
        case "profile":
            let steps = try fields.count("steps")
            guard steps >= 1 else { throw .field(frame: "profile", name: "steps", detail: "is 0") }
            self = .profile(steps: steps)
        default: throw .unknownFrame(fields.frame)
        }
        try fields.finish()
    }
}
