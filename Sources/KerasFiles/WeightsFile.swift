package import Formats
package import OrderedCollections

/// A file of Keras' weights: `.keras`, `.weights.h5`, or the `.h5` of Keras 2 (and of Keras 3's `legacy` form). Its numbers are
/// read when they are asked for.
package final class WeightsFile: Sendable {
    /// One array.
    package struct Entry: Sendable, Hashable {
        /// The numbers' type; nil for one that can't be read.
        package let type: ElementType?
        /// The dimensions.
        package let shape: [Int]
    }

    /// A layer of Keras 2's form.
    package struct OrderedLayer: Sendable, Hashable {
        /// The layer's name.
        package let name: String
        /// Its weights' names, as `dense/kernel:0`, in Keras' order.
        package let weights: [String]
        /// Their paths in the file.
        package let paths: [String]
    }

    /// The arrays by their paths in the file; those of an optimizer are left out.
    package let entries: OrderedDictionary<String, Entry>
    /// The layers with weights in their order, where the file has Keras 2's form; nil: arrays are found by ``SavedLayer``.
    package let orderedLayers: [OrderedLayer]?
    private let file: HDF5File

    /// The largest file of weights in an archive, in bytes.
    package static let largestWeights = 16 << 30

    /// Takes an open file and reads what there is, not the numbers.
    ///
    /// - Throws: what is not a file of Keras' weights, or is damaged.
    package init(_ file: consuming OpenFile) throws(FormatError) {
        let kind = FileKind(try file.bytes(at: 0, count: FileKind.prefixSize))
        switch kind {
        case .zip:
            let archive = try ZipArchive(file)
            guard archive.has(KerasArchive.weights) else {
                throw FormatError(
                    .unsupported,
                    archive.has("model.weights.npz")
                        ? "has its weights as .npz, which is not read: save it with weights_format=\"h5\""
                        : "is a zip archive without \(KerasArchive.weights): not a .keras file")
            }
            let size = try archive.size(of: KerasArchive.weights, limit: WeightsFile.largestWeights)
            guard let image = HDF5File.Image(size: size) else {
                throw FormatError(.tooLarge, "has \(size) bytes of weights, more than there is memory for")
            }
            try archive.read(KerasArchive.weights, size: size) { image.append($0) }
            self.file = try HDF5File(image)
        case .hdf5: self.file = try HDF5File(descriptor: file.descriptor)
        default:
            let expected = "a .keras or .h5 file"
            throw kind?.mismatch(expected: expected) ?? FormatError(.malformed, "is not \(expected)")
        }
        entries = try self.file.entries(except: ["optimizer", "optimizer_weights"]).mapValues {
            Entry(type: $0.type, shape: $0.shape)
        }
        orderedLayers = try WeightsFile.orderedLayers(self.file, entries)
    }

    /// The path at which the file has a variable; nil where it has it not.
    package func path(of place: SavedLayer.Place) -> String? {
        // Keras 2.13 and 2.14 call the list of layers otherwise.
        let other = place.oldPath.replacing("layers/", with: "_layer_checkpoint_dependencies/")
        return [place.path, place.oldPath, other].first { entries[$0] != nil }
    }

    /// Whether the first bytes are those of a file that this type reads.
    package static func isOne(_ prefix: [UInt8]) -> Bool { [.zip, .hdf5].contains(FileKind(prefix)) }

    /// The numbers of an array as float32; nil where there is none of this path.
    package func floats(_ path: String) throws(FormatError) -> NDArray? {
        guard let entry = entries[path] else { return nil }
        guard entry.type != nil else {
            throw FormatError(.unsupported, "The array \(path.quotedForMessage) has a type that is not read")
        }
        return try file.floats(path, shape: entry.shape)
    }

    // MARK: Keras 2's form

    private static func orderedLayers(
        _ file: HDF5File, _ entries: OrderedDictionary<String, Entry>
    ) throws(FormatError) -> [OrderedLayer]? {
        // A whole model has its weights in a group of their own; weights alone are the file.
        for root in ["model_weights", ""] {
            guard let names = try list("layer_names", of: root, file) else { continue }
            if let version = try file.strings("keras_version", of: root)?.first, version.hasPrefix("1.") {
                throw FormatError(
                    .unsupported, "was written by Keras \(version), before Keras 2: load it there and save it again")
            }
            var layers: [OrderedLayer] = []
            for name in names {
                let group = root.isEmpty ? name : "\(root)/\(name)"
                guard let weights = try list("weight_names", of: group, file), !weights.isEmpty else { continue }
                let paths = weights.map { "\(group)/\($0)" }
                if let lost = paths.first(where: { entries[$0] == nil }) {
                    throw FormatError(.malformed, "names the array \(lost.quotedForMessage), but does not have it")
                }
                layers.append(OrderedLayer(name: name, weights: weights, paths: paths))
            }
            return layers
        }
        return nil
    }

    /// An attribute that is a list, which Keras cuts in pieces `name0`, `name1` … where it is long.
    private static func list(_ name: String, of group: String, _ file: HDF5File) throws(FormatError) -> [String]? {
        if let whole = try file.strings(name, of: group) { return whole }
        var pieces: [String]?
        var place = 0
        while let piece = try file.strings("\(name)\(place)", of: group) {
            pieces = (pieces ?? []) + piece
            place += 1
        }
        return pieces
    }
}
