import Datasets
import Formats
import OrderedCollections

/// Reads an input's `map`.
enum MapReader {
    /// The steps in order, and the list with defaults filled in; steps at fault are left out.
    static func read(_ reader: ObjectReader) -> (steps: [MapStep], canonical: [JSON]) {
        let list = reader.list("map", count: 0...100) ?? []
        let steps = list.compactMap {
            step(ObjectReader($0.value, at: $0.pointer, example: ["scale": 0.5], faults: reader.faults))
        }
        return (steps, list.map(\.value))
    }

    private static let names = [
        "cast", "scale", "offset", "normalize", "reshape", "one_hot", "random_flip", "random_crop",
    ]

    private static func step(_ reader: ObjectReader) -> MapStep? {
        guard reader.isObject else { return nil }
        reader.faults.note(reader.pointer, .names(names))
        let given = reader.members.keys.filter { reader.has($0) }
        for name in given where !names.contains(name) {
            reader.faults.addUnknown(name, "a map step", among: names, at: reader.pointer(to: name))
        }
        let steps = given.compactMap { step($0, reader) }
        guard given.count == 1 else {
            reader.fault(
                given.isEmpty
                    ? "must be one step, as {\"scale\": 0.5}; there are \(names.joined(separator: ", "))"
                    : "must be one step, as {\"scale\": 0.5}, not an object of \(given.count) members: write each as an "
                        + "object of its own")
            return nil
        }
        return steps.first
    }

    private static func step(_ name: String, _ reader: ObjectReader) -> MapStep? {
        switch name {
        case "cast":
            reader.note(name, .value(["enum": JSON(ElementType.allCases.map(\.rawValue))]))
            guard let text = reader.string(name, required: true) else { return nil }
            guard let type = ElementType(rawValue: text) else {
                reader.faults.addUnknown(
                    text, "a type", among: ElementType.allCases.map(\.rawValue), at: reader.pointer(to: name))
                return nil
            }
            return .cast(type)
        case "scale": return reader.double(name, required: true).map { .scale($0) }
        case "offset": return reader.double(name, required: true).map { .offset($0) }
        case "normalize":
            guard let object = reader.object(name, required: true, example: ["mean": [0.5], "std": [0.25]])
            else { return nil }
            let mean = object.doubles("mean", required: true, count: 1 ... .max)
            let std = object.doubles("std", required: true, in: .positive, count: 1 ... .max)
            object.finish()
            guard let mean, let std else { return nil }
            return .normalize(mean: mean, std: std)
        case "reshape":
            return reader.ints(name, required: true, in: 1...SpecLimit.extent, count: 0...32).map { .reshape($0) }
        case "one_hot": return reader.int(name, required: true, in: 1...1_000_000).map { .oneHot($0) }
        case "random_flip": return reader.choice(name, of: FlipAxes.self, required: true).map { .randomFlip($0) }
        case "random_crop": return crop(name, reader)
        default: return nil
        }
    }
    /// `[height, width]` or `[height, width, padding]`.
    private static func crop(_ name: String, _ reader: ObjectReader) -> MapStep? {
        guard let numbers = reader.ints(name, required: true, in: 0...SpecLimit.extent, count: 2...3) else {
            return nil
        }
        for place in 0..<2 where numbers[place] == 0 {
            reader.faults.add(
                reader.pointer(to: name).appending(place), "must be a positive number of pixels, not 0")
            return nil
        }
        let padding = numbers.count > 2 ? numbers[2] : 0
        return .randomCrop(CropSize(height: numbers[0], width: numbers[1], padding: padding))
    }
}
