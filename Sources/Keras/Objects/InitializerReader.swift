import Formats
import Graph
import KerasFiles

/// Keras' initializers as the graph's. A seed fixes Keras' own numbers only; here they follow from the job's seed and
/// the variable's name.
enum InitializerReader {
    private static let readers: [String: @Sendable (ObjectReader) -> Initializer?] = [
        "Zeros": { _ in .zeros },
        "Ones": { _ in .ones },
        "Constant": { .constant($0.double("value", default: 0)) },
        "GlorotUniform": { _ in .glorotUniform },
        "GlorotNormal": { _ in .glorotNormal },
        "HeUniform": { _ in .heUniform },
        "HeNormal": { _ in .heNormal },
        "LecunUniform": { _ in .lecunUniform },
        "LecunNormal": { _ in .lecunNormal },
        "RandomUniform": {
            .uniform(low: $0.double("minval", default: -0.05), high: $0.double("maxval", default: 0.05))
        },
        "RandomNormal": {
            .normal(
                mean: $0.double("mean", default: 0),
                standardDeviation: $0.double("stddev", default: 0.05, in: .notNegative))
        },
        "TruncatedNormal": {
            .truncatedNormal(
                mean: $0.double("mean", default: 0),
                standardDeviation: $0.double("stddev", default: 0.05, in: .notNegative))
        },
        "VarianceScaling": varianceScaling,
        "Orthogonal": { .orthogonal(gain: $0.double("gain", default: 1)) },
        "Identity": { .identity(gain: $0.double("gain", default: 1)) },
    ]

    /// Keras' names in snake case and short, `glorot_uniform`, mean the classes.
    private static let byName: [String: String] = {
        var names: [String: String] = [:]
        for name in readers.keys {
            names[name] = name
            names[ClassName.snakeCase(name)] = name
        }
        for (alias, name) in [
            "uniform": "RandomUniform", "normal": "RandomNormal", "zero": "Zeros", "one": "Ones",
            "OrthogonalInitializer": "Orthogonal", "IdentityInitializer": "Identity",
        ] {
            names[alias] = name
        }
        return names
    }()

    /// The initializer that the member names; `fallback` where it is not given.
    static func read(_ reader: ObjectReader, _ name: String, default fallback: Initializer) -> Initializer {
        guard let value = reader.value(name),
            let object = KerasObject(
                value, at: reader.pointer(to: name), what: "an initializer", faults: reader.faults)
        else { return fallback }
        guard let known = byName[object.className], let read = readers[known] else {
            reader.note(name, .names(Array(byName.keys)))
            object.refuse(
                "initializer", supported: Array(readers.keys), laterOnes: KerasNames.laterInitializers,
                faults: reader.faults)
            return fallback
        }
        let config = object.reader(reader.faults)
        let initializer = read(config)
        // Keys without a meaning here, and for a kernel of a dense layer.
        config.accept("seed", "dtype", "input_axes", "output_axes", "in_axes", "out_axes")
        config.finish()
        return initializer ?? fallback
    }

    private enum Mode: String, CaseIterable {
        case fanIn = "fan_in"
        case fanOut = "fan_out"
        case fanAverage = "fan_avg"
    }

    private enum Distribution: String, CaseIterable {
        case truncatedNormal = "truncated_normal"
        case normal
        case untruncatedNormal = "untruncated_normal"
        case uniform
    }

    private static func varianceScaling(_ reader: ObjectReader) -> Initializer? {
        let scale = reader.double("scale", default: 1, in: .positive)
        let fan: Initializer.Fan =
            switch reader.choice("mode", default: Mode.fanIn) {
            case .fanIn: .fanIn
            case .fanOut: .fanOut
            case .fanAverage: .fanAverage
            }
        let distribution: Initializer.Distribution =
            switch reader.choice("distribution", default: Distribution.truncatedNormal) {
            case .truncatedNormal, .normal: .truncatedNormal
            case .untruncatedNormal: .untruncatedNormal
            case .uniform: .uniform
            }
        return .varianceScaling(scale: scale, fan: fan, distribution: distribution)
    }
}
