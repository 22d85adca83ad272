import Estimator
import Formats
import OrderedCollections
import Testing

extension JSON {
    /// The features of a case.
    var features: Structure<String> { get throws { try #require(try self["features"]?.structure) } }

    /// The labels of a case; nil where there are none.
    var labels: Structure<String>? { get throws { try self["labels"]?.structure } }

    /// Features or labels as cases write them; nil: none.
    var structure: Structure<String>? {
        get throws {
            if isNull { return nil }
            if let tensor = self["tensor"]?.string { return .single(tensor) }
            var named: OrderedDictionary<String, String> = [:]
            for pair in try #require(self["dict"]?.array) {
                let names = try #require(pair.array).compactMap(\.string)
                try #require(names.count == 2)
                named[names[0]] = names[1]
            }
            return .named(named)
        }
    }
}

extension Structure<String> {
    /// As the cases write it, sorted by key.
    var observed: Observed {
        switch self {
        case .single(let tensor): .object(["tensor": .string(tensor)])
        case .named(let tensors):
            .object(["dict": .list(tensors.sorted { $0.key < $1.key }.map { .strings([$0.key, $0.value]) })])
        }
    }
}
