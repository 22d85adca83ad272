import Formats

/// A source some of whose definition is at fault. The rest is looked at all the same, so that one answer tells of every
/// fault: whether the files that are named are there and hold what is named in them. Their rows are not read.
package enum PartialSource: Sendable, Hashable {
    /// The IDX files of which it is known which they are.
    case idx(features: String?, labels: String?)
    /// A CSV file and its columns, with an empty name for a feature that could not be read.
    case csv(CSVDefinition)
    /// A safetensors file and the tensors that could be read.
    case safetensors(path: String, features: [String], labels: [String], weights: [String] = [])
    /// A file of bytes.
    case text(path: String)
    /// Nothing that could be looked at.
    case nothing

    /// Throws what is wrong, all of it together.
    package func check(_ roots: DataRoots, limits: SourceLimits = SourceLimits()) throws(DatasetError) {
        switch self {
        case .idx(let features, let labels):
            var errors: [DatasetError] = []
            for (name, path) in [("features", features), ("labels", labels)] {
                guard let path else { continue }
                do {
                    _ = try IDXFile(path, name, JSONPointer("source", "idx")).check(roots, limits)
                } catch {
                    errors.append(error)
                }
            }
            if let error = DatasetError(errors) { throw error }
        case .csv(let definition): try CSVSource.checkNames(definition, roots)
        case .safetensors(let path, let features, let labels, let weights):
            _ = try SafetensorsSource(path, features, labels, weights, roots, JSONPointer("source", "safetensors"))
        case .text(let path): _ = try roots.open(path, for: JSONPointer("source", "text", "path"))
        case .nothing: break
        }
    }
}
