import Datasets
import Formats
import Keras
import OrderedCollections

/// The fields of one object of a job as the readers ask for them: jobs are read in which the object has none of them, each, and
/// values of all kinds, and what the readers note is put together.
struct FieldProbe {
    /// Where the object is in the jobs; the root for a job itself.
    private let place: JSONPointer
    private let jobs: [JSON]
    private var notes: [FieldNotes.Note] = []
    private var known: Set<FieldNotes.Note> = []

    /// - Parameters:
    ///   - place: where the object is.
    ///   - jobs: the jobs around it: a field is required where it is in all of them.
    init(_ place: JSONPointer, in jobs: [JSON] = [FieldProbe.job]) {
        self.place = place
        self.jobs = jobs
        read([:])
        // What is required may be asked for behind what is required before.
        for _ in 0..<3 { read(samples) }
        for value in Self.values {
            let samples = self.samples
            var all = samples
            for name in names { all[name] = value }
            read(all)
            for name in names { read(samples.merging([name: value]) { $1 }) }
        }
    }

    /// The object as JSON Schema, without descriptions.
    var schema: JSON {
        var properties: OrderedDictionary<String, JSON> = [:]
        let required = names.filter(isRequired)
        for name in names { properties[name] = schema(of: name, isRequired: required.contains(name)) }
        var schema: JSON = ["type": "object"]
        if !required.isEmpty { schema["required"] = JSON(required) }
        schema["properties"] = .object(properties)
        if isClosed { schema["additionalProperties"] = false }
        return schema
    }

    /// The values that the object may have as its only member, by their names: a map step, a source.
    static func choices(_ place: JSONPointer) -> OrderedDictionary<String, JSON> {
        var choices: OrderedDictionary<String, JSON> = [:]
        for name in names(place) {
            var probe = FieldProbe(place)
            probe.notes = []
            probe.known = []
            for value in values { probe.read([name: value]) }
            choices[name] = probe.schema(of: name, isRequired: true)
        }
        return choices
    }

    /// The names that the class at a place may have, found by one that is none.
    static func names(_ place: JSONPointer, module: String = "keras") -> [String] {
        let spec = job.setting(place, to: ["class_name": "Nonsense", "module": .string(module)])
        let found = read(spec).notes.compactMap { note -> [String]? in
            guard note.pointer == place, case .names(let names) = note.kind else { return nil }
            return names
        }
        return Set(found.joined()).sorted()
    }

    // MARK: Jobs

    /// A job that has one of everything.
    static let job: JSON = {
        let input: JSON = [
            "source": ["synthetic": ["features": ["shape": [4]], "labels": ["shape": [2]], "examples": 64]]
        ]
        return [
            "mode": "train_and_evaluate", "train_batch_size": 8, "model": [["Dense": ["units": 2]]], "loss": "mse",
            "optimizer": "sgd", "metrics": ["mse"], "train": ["max_steps": 5, "input": input],
            "evaluate": ["every_steps": 1, "input": input],
        ]
    }()

    /// Its like that predicts.
    static let prediction: JSON = {
        var spec = job
        spec["mode"] = "predict"
        for name in ["train", "evaluate", "train_batch_size"] { spec[name] = nil }
        spec["predict"] = ["input": job["train"]?["input"] ?? nil]
        return spec
    }()

    private static func read(_ spec: JSON) -> (notes: [FieldNotes.Note], faults: [SpecError]) {
        let notes = FieldNotes()
        let faults = SpecErrors(notes: notes)
        _ = JobDefinition.read(spec, roots: DataRoots([]), faults: faults)
        return (notes.all, faults.all)
    }

    /// A job in which the object has these members, besides those of the job where it is the job itself.
    private func whole(_ job: JSON, _ config: OrderedDictionary<String, JSON>) -> JSON {
        guard place.tokens.isEmpty else { return job.setting(place, to: .object(config)) }
        return .object((job.object ?? [:]).merging(config) { $1 })
    }

    private mutating func read(_ config: OrderedDictionary<String, JSON>) {
        for job in jobs {
            for note in Self.read(whole(job, config)).notes where isField(note.pointer) {
                if known.insert(note).inserted { notes.append(note) }
            }
        }
    }

    private func isField(_ pointer: JSONPointer) -> Bool {
        pointer.tokens.count == place.tokens.count + 1 && pointer.tokens.starts(with: place.tokens)
    }

    // MARK: Fields

    private var names: [String] {
        var names: OrderedSet<String> = []
        for note in notes {
            if let name = note.pointer.tokens.last { names.append(name) }
        }
        return Array(names)
    }

    private func kinds(_ name: String) -> [FieldNotes.Kind] {
        notes.filter { $0.pointer == place.appending(name) }.map(\.kind)
    }

    /// A value for each field that is required, or may be.
    private var samples: OrderedDictionary<String, JSON> {
        var samples: OrderedDictionary<String, JSON> = [:]
        // A job has its own.
        guard !place.tokens.isEmpty else { return samples }
        for name in names where kinds(name).contains(.required) { samples[name] = sample(name) }
        return samples
    }

    private func sample(_ name: String) -> JSON {
        let schema = schema(of: name, isRequired: true)
        let whole = schema["$ref"]?.string.flatMap { Self.typical[String($0.split(separator: "/").last ?? "")] }
        return whole ?? Self.typical[name] ?? schema["enum"]?[0] ?? Self.sample(schema)
    }

    /// Whether the readers never pass over its absence, whatever else is given and in all of the jobs.
    private func isRequired(_ name: String) -> Bool {
        guard kinds(name).contains(.required) else { return false }
        let others = names.filter { $0 != name }
        for job in jobs {
            var config = samples
            config[name] = nil
            var variants = [config]
            for other in others {
                for value in [sample(other), true, 1, "word"] { variants.append(config.merging([other: value]) { $1 }) }
            }
            for variant in variants {
                var spec = whole(job, variant)
                if place.tokens.isEmpty { spec[name] = nil }
                let (notes, faults) = Self.read(spec)
                let isAsked = notes.contains { $0.pointer == place.appending(name) }
                if isAsked, !faults.contains(where: { $0.pointer == place.appending(name) }) { return false }
            }
        }
        return true
    }

    /// Whether a field that nobody asks for is a fault.
    private var isClosed: Bool {
        let config = samples.merging(["nonsense": 1]) { $1 }
        return Self.read(whole(jobs[0], config)).faults.contains { $0.pointer == place.appending("nonsense") }
    }

    /// Values that no type tells.
    private static let typical: [String: JSON] = [
        "Layer": ["Dense": ["units": 2]], "Activation": "relu", "SyntheticFeatures": ["shape": [4]],
        "Source": ["synthetic": ["features": ["shape": [4]], "examples": 64]],
        "Input": ["source": ["synthetic": ["features": ["shape": [4]], "examples": 64]]],
        "layer": ["Dense": ["units": 2]], "activation": "relu", "fn": "mse", "equation": "ab,bc->ac",
        "function": "math.add", "layers": [["Dense": ["units": 2]]],
    ]

    /// One of each kind of JSON, and such as tables of classes take.
    private static let values: [JSON] = [true, 1, 0.5, "word", [1, 1], [0.5], [], [:], ["Nonsense": [:]]]

    private static func sample(_ schema: JSON) -> JSON {
        switch schema["type"]?.string {
        case "integer": schema["minimum"] ?? 1
        case "number": 0.5
        case "array": .array(Array(repeating: sample(schema["items"] ?? nil), count: schema["minItems"]?.int ?? 1))
        case "object": [:]
        case "string": "a"
        default: 1
        }
    }

    // MARK: Schemas

    /// What the notes of one field say together.
    private func schema(of name: String, isRequired: Bool) -> JSON {
        if let whole = Self.sections.first(where: { $0.place == place.appending(name) })?.name {
            return isRequired ? Self.reference(whole) : ["anyOf": [Self.reference(whole), ["type": "null"]]]
        }
        var choices: [JSON] = []
        for kind in kinds(name) {
            let choice: JSON
            switch kind {
            case .value(let value): choice = value
            case .object(let what): choice = Self.classes[what].map(Self.reference) ?? ["type": ["string", "object"]]
            case .known, .preset, .required, .names: continue
            }
            if !choices.contains(choice) { choices.append(choice) }
        }
        if let element = Self.elements[name] {
            choices = choices.map { choice in
                guard choice["type"] == "array", choice["items"] == nil else { return choice }
                var choice = choice
                choice["items"] = Self.reference(element)
                return choice
            }
        }
        // A list whose elements are known says more than one whose elements are not, and so does a class than an object.
        if choices.contains(where: { $0["items"] != nil }) {
            choices.removeAll { $0["type"] == "array" && $0["items"] == nil }
        }
        if choices.contains(where: { $0["$ref"] != nil || $0["additionalProperties"] != nil }) {
            choices.removeAll { $0 == ["type": "object"] }
        }
        if choices.contains(where: { $0["enum"] != nil || $0["pattern"] != nil }) {
            choices.removeAll { $0 == ["type": "string"] }
        }
        var schema: JSON = choices.count == 1 ? choices[0] : choices.isEmpty ? [:] : ["anyOf": .array(choices)]
        guard !isRequired else { return schema }
        schema = Self.orNull(schema)
        for case .preset(let value) in kinds(name) where schema["default"] == nil { schema["default"] = value }
        return schema
    }

    private static func orNull(_ schema: JSON) -> JSON {
        var schema = schema
        if let type = schema["type"] {
            schema["type"] = .array((type.array ?? [type]) + ["null"])
        } else if let words = schema["enum"]?.array {
            if !words.contains(nil) { schema["enum"] = .array(words + [nil]) }
        } else if let choices = schema["anyOf"]?.array {
            schema["anyOf"] = .array(choices + [["type": "null"]])
        } else if schema["$ref"] != nil {
            schema = ["anyOf": [schema, ["type": "null"]]]
        }
        return schema
    }

    private static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

    /// What messages call the things that tables have classes of.
    private static let classes = [
        "a layer": "Layer", "an activation": "Activation", "an initializer": "Initializer",
        "a regularizer": "Regularizer", "a constraint": "Constraint", "a loss": "Loss", "a metric": "Metric",
        "an optimizer": "Optimizer", "a schedule": "Schedule", "a model": "Model",
    ]

    /// What lists have as their elements.
    private static let elements = ["map": "MapStep", "layers": "Layer"]

    /// The objects of a job that are not of a table.
    static let sections: [(name: String, place: JSONPointer)] = [
        ("TPUConfig", "tpu_config"), ("RunConfig", "run_config"), ("KeepBest", "run_config/keep_best"),
        ("Train", "train"), ("Evaluate", "evaluate"), ("EarlyStopping", "early_stopping"), ("Predict", "predict"),
        ("Input", "train/input"), ("Input", "evaluate/input"), ("Input", "predict/input"),
        ("Shuffle", "train/input/shuffle"), ("Source", "train/input/source"),
        ("Normalize", "train/input/map/0/normalize"), ("IDXSource", "train/input/source/idx"),
        ("CSVSource", "train/input/source/csv"), ("SafetensorsSource", "train/input/source/safetensors"),
        ("TextSource", "train/input/source/text"), ("SyntheticSource", "train/input/source/synthetic"),
        ("SyntheticFeatures", "train/input/source/synthetic/features"),
        ("SyntheticLabels", "train/input/source/synthetic/labels"), ("WarmStart", "warm_start_from"),
        ("ContinueFrom", "continue_from"),
    ].map { ($0, JSONPointer(tokens: $1.split(separator: "/").map(String.init))) }
}

extension JSON {
    /// The document with another value at the pointer.
    fileprivate func setting(_ pointer: JSONPointer, to value: JSON) -> JSON {
        guard let token = pointer.tokens.first else { return value }
        let rest = JSONPointer(tokens: Array(pointer.tokens.dropFirst()))
        if var elements = array, let index = Int(token), elements.indices.contains(index) {
            elements[index] = elements[index].setting(rest, to: value)
            return .array(elements)
        }
        // The job has no list of steps.
        if token == "0" { return .array([JSON.object([:]).setting(rest, to: value)]) }
        var members = self.object ?? [:]
        // A source, a layer and a class have one member.
        if members.count == 1, ["synthetic", "Dense", "SGD"].contains(members.keys[0]), members[token] == nil {
            members = [:]
        }
        members[token] = (members[token] ?? [:]).setting(rest, to: value)
        return .object(members)
    }
}
