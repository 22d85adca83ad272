import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// Evaluation metrics as cases write them, made of what a tensor of a case is here.
struct SeedMetrics<Element> {
    /// The names of the metrics that the metric function returns.
    let returned: [String]
    /// Makes a tensor of a case.
    let tensor: (TensorSignature) throws -> Element

    /// The metrics; nil where a case has none.
    func metrics(_ json: JSON?) throws -> EvaluationMetrics<Element>? {
        guard let json, !json.isNull else { return nil }
        return try EvaluationMetrics(untyped: try value(json))
    }

    /// The value of any type that a case describes.
    private func value(_ json: JSON) throws -> Any {
        if let value = json["value"] { return plain(value) }
        let items = try #require(json["items"]?.array).map(item)
        switch json["container"]?.string {
        case "tuple", "list": return items
        case "dict": return Dictionary(uniqueKeysWithValues: items.enumerated().map { ("\($0)", $1) })
        case "set": return Set(items.indices)
        case let other: throw UnreadableCase(what: "the container \(other ?? "missing")")
        }
    }

    private func item(_ json: JSON) throws -> Any {
        if json.isNull { return Int?.none as Any }
        if let value = json["value"] { return plain(value) }
        if let function = json["fn"] { return try self.function(function) }
        if let tensors = json["list"]?.array ?? json["tuple"]?.array {
            return try tensors.map { try tensor(try TensorSignature($0)) }
        }
        var named: OrderedDictionary<String, Element> = [:]
        for pair in try #require(json["dict"]?.array) {
            let pair = try #require(pair.array)
            named[try #require(pair[0].string)] = try tensor(try TensorSignature(pair[1]))
        }
        return named
    }

    private func plain(_ json: JSON) -> Any {
        if let text = json.string { return text }
        if let flag = json.bool { return flag }
        return json.double ?? 0
    }

    private func function(_ json: JSON) throws -> MetricFunction {
        let parameters = try #require(json["args"]?.array).map { try #require($0.string) }
        return MetricFunction(
            parameters, optional: Set(parameters.suffix(try json.optionalInt("defaults") ?? 0)),
            takesMorePositions: try json.flag("varargs", default: false),
            takesMoreNames: try json.flag("kwargs", default: false)
        ) { [returned] arguments in
            let read = parameters.first.map { arguments[$0] } ?? "none"
            return OrderedDictionary(returned.map { ($0, .mean(read)) }) { first, _ in first }
        }
    }
}

extension TensorSignature {
    /// A tensor as cases write it: a name, or an object.
    init(_ json: JSON) throws {
        if let name = json.string {
            self.init(name: name, dtype: "float32", shape: [nil])
            return
        }
        let shape = try #require(json["shape"])
        self.init(
            name: try #require(json["name"]?.string), dtype: try #require(json["dtype"]?.string),
            shape: shape.array.map { $0.map { $0.int } })
    }

    /// The shape as cases write it.
    var observedShape: Observed { shape.map { .list($0.map { Observed.optional($0) }) } ?? .null }
}

extension TraceLog {
    /// The calls of metric functions, as cases write them.
    var metricCalls: Observed {
        .list(
            records.compactMap { record in
                if case .build(.metricFunction(let arguments)) = record.event {
                    .object(arguments.observedMembers)
                } else {
                    nil
                }
            })
    }

    /// How many warnings were logged.
    var warnings: Int {
        records.count { if case .log(.warning, _) = $0.event { true } else { false } }
    }
}
