import Estimator
import Formats
import OrderedCollections
import Testing

extension JSON {
    /// A member that has to be a whole number.
    func wholeNumber(_ name: String) throws -> Int { try #require(self[name]?.int, "\(name) is a whole number") }

    /// A list of whole numbers.
    func ints(_ name: String) throws -> [Int] {
        try #require(self[name]?.array, "\(name) is a list").map { try #require($0.int) }
    }

    /// A whole number, null or absent.
    func optionalInt(_ name: String) throws -> Int? {
        guard let value = self[name], !value.isNull else { return nil }
        let number: Int = try #require(value.int, "\(name) is a whole number")
        return number
    }

    /// A string, null or absent.
    func optionalString(_ name: String) throws -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        let text: String = try #require(value.string, "\(name) is a string")
        return text
    }

    /// A list of strings, null or absent.
    func optionalStrings(_ name: String) throws -> [String]? {
        guard let value = self[name], !value.isNull else { return nil }
        return try #require(value.array, "\(name) is a list").map { try #require($0.string) }
    }

    /// A truth value, or the default where it is absent.
    func flag(_ name: String, default value: Bool) throws -> Bool {
        guard let given = self[name] else { return value }
        guard let flag = given.bool else { throw UnreadableCase(what: "\(name) is not a truth value") }
        return flag
    }

    /// The mode, null or absent.
    func mode() throws -> ModeKeys? {
        try optionalString("mode").map { try #require(ModeKeys(rawValue: $0)) }
    }

    /// The run configuration that configuration members describe.
    func runConfig() throws -> RunConfig {
        let jobs = try optionalStrings("session_jobs")
        return RunConfig(
            master: try optionalString("master") ?? "",
            evaluationMaster: try optionalString("evaluation_master") ?? "",
            sessionConfiguration: jobs.map { SessionConfiguration(cluster: ClusterSpec(jobs: $0)) },
            tpuConfig: try TPUConfig(
                iterationsPerLoop: try optionalInt("iterations_per_loop") ?? 2,
                numShards: try optionalInt("num_shards") ?? 8,
                perHostInputForTraining: try flag("per_host_input_for_training", default: true),
                tpuJobName: try optionalString("tpu_job_name")))
    }

    /// The context that configuration members describe, in its mode.
    func context() throws -> TPUContext {
        let context = TPUContext(
            config: try runConfig(), trainBatchSize: try optionalInt("train_batch_size"),
            evalBatchSize: try optionalInt("eval_batch_size"), useTPU: try flag("use_tpu", default: true))
        return context.withMode(try mode())
    }

    /// The estimator that an input with a member `config` describes. Its model function is never called.
    func estimator(tracer: EventTracer = .silent) throws -> TPUEstimator {
        var execution = ExecutionOptions.reference
        execution.tracer = tracer
        let config = self["config"] ?? .null
        return try TPUEstimator(
            modelFunction: { _, _, mode, _, _ in TPUEstimatorSpec(mode: mode) },
            config: config.isNull ? nil : try config.runConfig(), params: try parameters("params"),
            useTPU: try flag("use_tpu", default: true), trainBatchSize: try optionalInt("train_batch_size"),
            evalBatchSize: try optionalInt("eval_batch_size"), execution: execution)
    }

    /// Parameters, null or absent; their values are whole numbers, strings or null.
    func parameters(_ name: String) throws -> ModelParameters {
        var parameters = ModelParameters()
        for (key, value) in self[name]?.object ?? [:] {
            switch value {
            case .null: parameters.values[key] = .null
            case .bool(let flag): parameters.values[key] = .bool(flag)
            case .string(let text): parameters.values[key] = .string(text)
            case .number(let number):
                if let whole = number.int {
                    parameters.values[key] = .int(whole)
                } else {
                    parameters.values[key] = .double(try #require(number.double))
                }
            default: throw UnreadableCase(what: "the parameter \(key)")
            }
        }
        return parameters
    }
}
