import Estimator
import Formats
import OrderedCollections
import Testing

/// The topic `structure`: the recorder that building a program goes through.
@Suite struct SeedStructureConformanceTests {
    @Test func everyCaseInScope() throws {
        let kinds: [String: (SeedCase) throws -> Observed] = [
            "round_trip": roundTrip, "sequence": sequence, "unflatten": unflatten,
        ]
        let others = Skip(reason: "kinds that are not in scope yet") { kinds[$0.kind] == nil }
        let untypable = Skip(reason: "an empty dictionary as one tensor of a list, which does not compile") {
            $0.tags.contains("dynamic_typing")
        }
        try SeedTopic(name: "structure", skips: [others, untypable], kinds: kinds).run()
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
}

extension JSON {
    fileprivate var features: Structure<String> { get throws { try #require(try structure("features")) } }

    fileprivate var labels: Structure<String>? { get throws { try structure("labels") } }

    /// The structure of that name; nil where there is none.
    private func structure(_ name: String) throws -> Structure<String>? {
        guard let value = self[name], !value.isNull else { return nil }
        if let tensor = value["tensor"]?.string { return .single(tensor) }
        var named: OrderedDictionary<String, String> = [:]
        for pair in try #require(value["dict"]?.array) {
            let names = try #require(pair.array).compactMap(\.string)
            try #require(names.count == 2)
            named[names[0]] = names[1]
        }
        return .named(named)
    }
}

extension Structure<String> {
    /// As the cases write it, sorted by key.
    fileprivate var observed: Observed {
        switch self {
        case .single(let tensor): .object(["tensor": .string(tensor)])
        case .named(let tensors):
            .object(["dict": .list(tensors.sorted { $0.key < $1.key }.map { .strings([$0.key, $0.value]) })])
        }
    }
}
