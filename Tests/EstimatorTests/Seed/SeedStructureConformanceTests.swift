import Estimator
import Formats
import Testing

/// The topic `structure`: the recorder and the input pipeline that building a program goes through.
@Suite struct SeedStructureConformanceTests {
    @Test func everyCase() throws {
        let kinds: [String: (SeedCase) throws -> Observed] = [
            "round_trip": roundTrip, "sequence": sequence, "unflatten": unflatten,
            "input_fn_return": returned,
        ]
        let untypable = Skip(reason: "an empty dictionary as one tensor of a list, which does not compile") {
            $0.tags.contains("dynamic_typing") && $0.kind != "input_fn_return"
        }
        try SeedTopic(name: "structure", skips: [untypable], kinds: kinds).run()
    }

    private func roundTrip(_ each: SeedCase) throws -> Observed {
        var recorder = StructureRecorder()
        let flat = try recorder.flatten(try each.input.features, try each.input.labels)
        let (features, labels) = try recorder.unflatten(flat)
        return .object([
            "flat": .strings(flat), "has_labels": .bool(recorder.hasLabels), "features": features.observed,
            "labels": labels?.observed ?? .null,
        ])
    }

    private func sequence(_ each: SeedCase) throws -> Observed {
        var recorder = StructureRecorder()
        var flats: [Observed] = []
        for (place, input) in try #require(each.input["inputs"]?.array).enumerated() {
            do {
                try recorder.validateAndRecord(try input.features, try input.labels)
                flats.append(.strings(try recorder.flatten(try input.features, try input.labels)))
            } catch let error as EstimatorError {
                return .object(["flats": .list(flats), "failed_at": .int(place), "error": .failure(error)])
            }
        }
        return .object(["flats": .list(flats), "failed_at": .null])
    }

    private func unflatten(_ each: SeedCase) throws -> Observed {
        var recorder = StructureRecorder()
        try recorder.validateAndRecord(try each.input.features, try each.input.labels)
        let flat = try #require(each.input["flat"]?.array).map { try #require($0.string) }
        let (features, labels) = try recorder.unflatten(flat)
        return .object(["features": features.observed, "labels": labels?.observed ?? .null])
    }

    private func returned(_ each: SeedCase) throws -> Observed {
        let isPerCore = each.input["deployment"]?.string == "per_core"
        let context = TPUContext(
            config: RunConfig(
                tpuConfig: try TPUConfig(numShards: 1, perHostInputForTraining: !isPerCore)),
            trainBatchSize: 1, evalBatchSize: nil
        ).withMode(.train)
        let returned = try #require(each.input["returned"])
        let batches = InputBatches(NoBatch(), types: [])
        func tensors(_ structure: Structure<String>) -> Structure<InputTensor> {
            structure.map {
                InputTensor(
                    signature: TensorSignature(name: $0, dtype: "float32", shape: [nil]), batches: batches,
                    element: 0)
            }
        }
        let bare = try returned["bare"]?.structure.map(tensors)
        let tuple = try returned["tuple"]?.array?.map { try $0.structure.map(tensors) }
        let input = DeclaredInputFunction { _ in
            if let bare { return InputResult(features: bare) }
            return try InputResult(tuple: try #require(tuple))
        }
        let call = try InputCall(input, context: context, params: ModelParameters(), tracer: .silent)
        let prepared = try InfeedPipeline(call, tracer: .silent).build()
        let (features, labels) = try prepared.dequeue()
        return .object([
            "flat": .strings(prepared.flattenedNames), "has_labels": .bool(labels != nil),
            "dequeued_features": features.observed, "dequeued_labels": labels?.observed ?? .null,
        ])
    }

    private final class NoBatch: InputIterator {
        func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? { nil }
    }
}
