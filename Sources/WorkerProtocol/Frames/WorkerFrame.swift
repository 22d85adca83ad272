package import Formats
import Jobs
import OrderedCollections

/// A worker's report with the epoch of the attempt that it belongs to.
package struct WorkerFrame: Sendable, Equatable {
    /// The epoch of the ``Assignment``.
    package var epoch: Int
    /// What is reported.
    package var report: WorkerReport

    /// Makes it of its members.
    package init(epoch: Int, report: WorkerReport) {
        self.epoch = epoch
        self.report = report
    }
}

// MARK: Writing

extension WorkerFrame {
    /// The frame as JSON.
    package var json: JSON {
        var json: JSON = ["frame": .string(name), "epoch": JSON(epoch)]
        switch report {
        case .started(let startStep, let targetStep):
            json["start_step"] = JSON(startStep)
            json["target_step"] = .optional(targetStep) { JSON($0) }
        case .heartbeat(let workSeconds): json["work_seconds"] = JSON(workSeconds)
        case .progress(let progress):
            for (name, value) in progress.json.object ?? [:] { json[name] = value }
        case .series(let name, let points):
            json["name"] = .string(name)
            json["steps"] = .array(points.map { JSON($0.step) })
            json["values"] = .array(points.map { Self.number($0.value) })
            json["unix_s"] = .array(points.map { Self.number($0.unixSeconds) })
        case .log(let bytes): json["bytes"] = JSON(bytes)
        case .checkpoint(let checkpoint):
            json["step"] = JSON(checkpoint.step)
            json["files"] = .array(checkpoint.files.map(\.json))
            json["kept_because"] = .string(checkpoint.keptBecause)
        case .damaged(let step, let detail):
            json["step"] = JSON(step)
            json["detail"] = .string(detail)
        case .evaluation(let step, let values):
            json["step"] = JSON(step)
            json["values"] = Self.numbers(values)
        case .best(let steps): json["steps"] = .array(steps.map { JSON($0) })
        case .outcome(let outcome):
            json["outcome"] = .string(outcome.outcome.rawValue)
            json["end_step"] = .optional(outcome.endStep) { JSON($0) }
            json["loss"] = Self.number(outcome.loss)
            json["evaluation"] = .optional(outcome.evaluation, Self.numbers)
            json["stopped_early"] = .optional(outcome.stoppedEarly) { .string($0) }
            json["predictions"] = .optional(outcome.predictions, \.json)
            json["error"] = .optional(outcome.failure, \.json)
        }
        return json
    }

    private var name: String {
        switch report {
        case .started: "started"
        case .heartbeat: "heartbeat"
        case .progress: "progress"
        case .log: "log"
        case .checkpoint: "checkpoint"
        case .series: "series"
        case .damaged: "damaged"
        case .evaluation: "evaluation"
        case .best: "best"
        case .outcome: "outcome"
        }
    }

    private static func number(_ value: Double?) -> JSON { .optional(value) { JSON($0) } }

    private static func numbers(_ values: [String: Double?]) -> JSON {
        var json: JSON = [:]
        for (name, value) in values.sorted(by: { $0.key < $1.key }) { json[name] = number(value) }
        return json
    }
}

// MARK: Reading

extension WorkerFrame {
    /// Reads a frame strictly.
    /// - Throws: ``FrameError``.
    package init(_ json: JSON) throws(FrameError) {
        var fields = try FrameFields(json)
        epoch = try fields.count("epoch")
        switch fields.frame {
        case "started":
            report = .started(
                startStep: try fields.count("start_step"), targetStep: try fields.optionalCount("target_step"))
        case "heartbeat": report = .heartbeat(workSeconds: try fields.amount("work_seconds"))
        case "progress":
            report = .progress(try JobProgress(members: &fields))
        case "log": report = .log(bytes: try fields.count("bytes"))
        case "checkpoint": report = .checkpoint(try Self.checkpoint(&fields))
        case "damaged":
            report = .damaged(step: try fields.count("step"), detail: try fields.string("detail"))
        case "series": report = try Self.series(&fields)
        case "evaluation":
            report = .evaluation(step: try fields.count("step"), values: try Self.numbers("values", &fields) ?? [:])
        case "best": report = .best(steps: try fields.counts("steps"))
        case "outcome": report = .outcome(try Self.outcome(&fields))
        default: throw .unknownFrame(fields.frame)
        }
        try fields.finish()
    }

    private static func checkpoint(_ fields: inout FrameFields) throws(FrameError) -> CheckpointReport {
        let step = try fields.count("step")
        var files: [CheckpointFile] = []
        for file in try fields.list("files", "object", { $0 }) {
            var inner = try FrameFields(frame: "checkpoint", inner: file, name: "files")
            files.append(try CheckpointFile(members: &inner))
            try inner.finish()
        }
        return CheckpointReport(
            step: step, files: files, keptBecause: try fields.string("kept_because"))
    }

    private static func series(_ fields: inout FrameFields) throws(FrameError) -> WorkerReport {
        let name = try fields.string("name")
        let steps = try fields.counts("steps")
        let values = try fields.list("values", "number or null") { value -> Double?? in
            value.isNull ? .some(nil) : value.double.map(Optional.some)
        }
        let moments = try fields.list("unix_s", FrameFields.momentInWords) { value -> Double?? in
            value.isNull ? .some(nil) : FrameFields.moment(value).map(Optional.some)
        }
        guard steps.count == values.count, steps.count == moments.count else {
            throw .field(
                frame: "series", name: "steps",
                detail: "has \(steps.count) entries, where there are \(values.count) values and \(moments.count) times")
        }
        return .series(
            name: name,
            points: steps.indices.map { SeriesPoint(step: steps[$0], value: values[$0], unixSeconds: moments[$0]) })
    }

    private static func outcome(_ fields: inout FrameFields) throws(FrameError) -> OutcomeReport {
        var report = OutcomeReport(
            outcome: try fields.required("outcome", "outcome") { $0.string.flatMap(AttemptOutcome.init) },
            endStep: try fields.optionalCount("end_step"), loss: try fields.optionalDouble("loss"),
            evaluation: try numbers("evaluation", &fields), stoppedEarly: try fields.optionalString("stopped_early"))
        let predictions = try fields.json("predictions")
        if !predictions.isNull {
            var inner = try FrameFields(frame: "outcome", inner: predictions, name: "predictions")
            report.predictions = try CheckpointFile(members: &inner)
            try inner.finish()
        }
        let failure = try fields.json("error")
        if !failure.isNull {
            var inner = try FrameFields(frame: "outcome", inner: failure, name: "error")
            report.failure = try JobFailure(members: &inner)
            try inner.finish()
        }
        return report
    }

    private static func numbers(
        _ name: String, _ fields: inout FrameFields
    ) throws(FrameError) -> [String: Double?]? {
        guard let object = try fields.optional(name, "object", \.object) else { return nil }
        var values: [String: Double?] = [:]
        for (key, value) in object {
            if value.isNull {
                values.updateValue(nil, forKey: key)
            } else if let number = value.double {
                values.updateValue(number, forKey: key)
            } else {
                throw .field(frame: fields.frame, name: "\(name)/\(key)", detail: "is not a number")
            }
        }
        return values
    }
}
