import Datasets
import Estimator
import Formats

/// Reads `warm_start_from` and `continue_from`.
enum StartReader {
    /// Where variables come from.
    struct Start {
        /// With the step filled in, so that it is found again where the job runs.
        let place: WarmStart.Place
        let file: WarmStart
    }

    /// What is started from, with its header read; nil without it or where it is at fault.
    static func read(
        _ reader: ObjectReader, _ fields: JobFields, roots: DataRoots, jobs: JobCheckpoints
    ) -> Start? {
        if let object = reader.object("continue_from", example: ["job": .string("…")]) {
            return continuation(object, reader, fields, roots, jobs)
        }
        guard let object = reader.object("warm_start_from", example: ["path": "init.safetensors"]) else {
            switch fields.mode {
            case .evaluate: reader.fault("warm_start_from", "is required: what is to be evaluated?")
            case .predict: reader.fault("warm_start_from", "is required: what is to predict?")
            case .train, .trainAndEvaluate, nil: break
            }
            return nil
        }
        let job = object.string("job", maxLength: 200)
        let step = object.int("step", in: 0...SpecLimit.count)
        let path = object.string("path", required: !object.has("job"), maxLength: 4095)
        object.finish()
        if object.has("job"), object.has("path") {
            object.fault("path", "can't be given together with job: give one of them")
            return nil
        }
        if object.has("step"), !object.has("job") {
            object.fault("step", "means a checkpoint of a job, and a file has none: leave it out, or give job")
            return nil
        }
        let model = reader.members["model"] ?? .null
        if let job {
            guard let found = checkpoint(of: job, step, object, jobs) else { return nil }
            return start(.checkpoint(job: job, step: found), model, reader, roots, jobs)
        }
        guard let path else { return nil }
        return start(.file(path), model, reader, roots, jobs)
    }

    private static func continuation(
        _ object: ObjectReader, _ reader: ObjectReader, _ fields: JobFields, _ roots: DataRoots, _ jobs: JobCheckpoints
    ) -> Start? {
        let job = object.string("job", required: true, maxLength: 200)
        let step = object.int("step", in: 0...SpecLimit.count)
        object.finish()
        if reader.has("warm_start_from") {
            reader.fault(
                "continue_from",
                "can't be given together with warm_start_from: it takes variables, too, beside the optimizer's and the step"
            )
            return nil
        }
        if let mode = fields.mode, !mode.trains {
            reader.fault(
                "continue_from",
                "has no meaning with the mode \"\(mode.rawValue)\", which does not train; name the job with warm_start_from"
            )
            return nil
        }
        guard let job, let found = checkpoint(of: job, step, object, jobs) else { return nil }
        return start(.continued(job: job, step: found), reader.members["model"] ?? .null, reader, roots, jobs)
    }

    /// The step of the checkpoint that is meant; nil, with a fault, where there is none.
    private static func checkpoint(of job: String, _ step: Int?, _ object: ObjectReader, _ jobs: JobCheckpoints) -> Int?
    {
        do throws(CheckpointFileError) {
            if let found = try jobs.good(step, of: job) { return found }
            let steps = try jobs.steps(of: job)
            if let step, !steps.isEmpty {
                let state =
                    steps.contains(step)
                    ? "whose checkpoint of step \(step) is damaged" : "which has none of step \(step)"
                let all = steps.prefix(20).map { "\($0)" }.joined(separator: ", ")
                object.fault("step", "must be that of a checkpoint of job \(job), \(state); there are \(all)")
            } else {
                object.fault(
                    "job", "must be the id of a job that has a checkpoint, not \(job.quotedForMessage)")
            }
        } catch {
            object.fault("job", "can't be read: \(error)")
            object.faults.note(systemErrors: [error.code])
        }
        return nil
    }

    private static func start(
        _ place: WarmStart.Place, _ model: JSON, _ reader: ObjectReader, _ roots: DataRoots, _ jobs: JobCheckpoints
    ) -> Start? {
        do {
            return Start(place: place, file: try WarmStart(place, model: model, roots: roots, jobs: jobs))
        } catch {
            reader.faults.add(error.fault(at: .root))
            reader.faults.note(systemErrors: error.systemErrors)
            return nil
        }
    }
}
