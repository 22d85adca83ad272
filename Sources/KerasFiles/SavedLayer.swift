import OrderedCollections

/// A layer, a part of one, or a model as a file of weights has it: Keras 3 (and Keras 2 from 2.12 on) stores variables by place
/// and not by name. The variables of the second Dense are `layers/dense_1/vars/0` and `/1`, whatever the layer is called.
package struct SavedLayer: Sendable, Hashable {
    /// The layer's group in the file, below that of what is around it.
    let group: String
    /// What Keras 2 calls the group.
    let oldGroup: String
    /// What is inside, by what it is called in the variables' names: in `lstm/lstm_cell/kernel` the layer `lstm` has the part
    /// `lstm_cell`. A part called "" has all variables of no other.
    let parts: OrderedDictionary<String, SavedLayer>

    init(group: String, oldGroup: String? = nil, parts: OrderedDictionary<String, SavedLayer> = [:]) {
        self.group = group
        self.oldGroup = oldGroup ?? group
        self.parts = parts
    }

    /// Where a variable is.
    package struct Place: Sendable, Hashable {
        /// Its path in the file.
        package let path: String
        /// The same in the files of Keras 2.
        package let oldPath: String
    }

    /// Where the variables of this model are.
    ///
    /// - Parameter names: full names as `block/dense/kernel`, those of one layer in Keras' order (``inOrder(_:)``).
    package func places(of names: [String]) -> [Place] {
        var counts: [String: Int] = [:]
        return names.map { name in
            var (groups, oldGroups) = (group, oldGroup)
            var layer = self
            var rest = name[...]
            while let (part, left) = layer.part(of: rest) {
                groups = SavedLayer.joined(groups, part.group)
                oldGroups = SavedLayer.joined(oldGroups, part.oldGroup)
                (layer, rest) = (part, left)
            }
            let place = counts[groups, default: 0]
            counts[groups] = place + 1
            return Place(
                path: SavedLayer.joined(groups, "vars/\(place)"), oldPath: SavedLayer.joined(oldGroups, "vars/\(place)")
            )
        }
    }

    /// The part that a name begins with, and the rest of the name; a layer's name may have slashes.
    private func part(of name: Substring) -> (SavedLayer, Substring)? {
        guard !parts.isEmpty else { return nil }
        var slash = name.firstIndex(of: "/")
        while let end = slash {
            let rest = name[name.index(after: end)...]
            if let part = parts[String(name[..<end])] { return (part, rest) }
            slash = rest.firstIndex(of: "/")
        }
        return parts[""].map { ($0, name) }
    }

    private static func joined(_ path: String, _ part: String) -> String { path.isEmpty ? part : "\(path)/\(part)" }

    /// Names of variables, those of each layer in Keras' order.
    package static func inOrder(_ names: [String]) -> [String] {
        func rank(_ name: String) -> Int {
            let leaf = name.split(separator: "/").last.map(String.init) ?? name
            return order.firstIndex(of: leaf) ?? order.count
        }
        return names.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(
            \.element)
    }

    /// No layer has two of these in the other order.
    private static let order = [
        "depthwise_kernel", "pointwise_kernel", "kernel", "recurrent_kernel", "bias", "gamma", "beta", "moving_mean",
        "moving_variance", "mean", "variance", "count", "scale", "concat_score_weight",
    ]
}
