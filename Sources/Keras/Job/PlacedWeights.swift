import Formats
import KerasFiles
import OrderedCollections

/// A `.keras` or `.weights.h5` file: variables by the places of their layers among those of their class.
struct PlacedWeights: StartingFile {
    private let file: WeightsFile
    private let groups: SavedLayer?

    /// - Parameter model: the job's `model`.
    init(_ file: WeightsFile, _ model: JSON) {
        self.file = file
        groups = SavedLayer(model: model)
    }

    func find(_ plan: ModelPlan) -> FoundVariables {
        let names = plan.variables.map(\.name)
        var found = FoundVariables()
        var layers: [(group: Substring, name: String, count: Int)] = []
        for (name, place) in zip(names, groups?.places(of: names) ?? []) {
            guard let path = file.path(of: place), let stored = file.stored(path) else { continue }
            found.variables[name] = stored
            let group = path[..<(path.lastIndex(of: "/") ?? path.endIndex)]
            if layers.last?.group == group {
                layers[layers.count - 1].count += 1
            } else {
                layers.append((group, name, 1))
            }
        }
        // One too many, and each of them would be taken for its neighbour.
        for (group, name, count) in layers where file.entries["\(group)/\(count)"] != nil {
            let layer = name.split(separator: "/").dropLast().joined(separator: "/")
            found.differences.append(
                "holds more variables of \(layer.quotedForMessage) (\(group)) than the \(count) that the model has")
        }
        return found
    }

    func read(_ stored: StoredVariable) throws(FormatError) -> NDArray? { try file.floats(stored.name) }

    var namesInWords: String { file.namesInWords }

    func hint(missing names: [String]) -> String {
        let variables = names.prefix(1)
        guard let place = groups?.places(of: Array(variables)).first, let name = variables.first else { return "" }
        let group = place.path.split(separator: "/").dropLast().joined(separator: "/")
        return
            "; such a file holds variables by their layers' positions: \(name.quotedForMessage) is looked for in \(group)"
    }
}
