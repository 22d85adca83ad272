import Formats

extension SourceDefinition {
    /// The part of an input's definition that this source is.
    private var pointer: JSONPointer {
        switch self {
        case .idx: JSONPointer("source", "idx")
        case .csv: JSONPointer("source", "csv")
        case .safetensors: JSONPointer("source", "safetensors")
        case .text: JSONPointer("source", "text")
        case .synthetic: JSONPointer("source", "synthetic")
        }
    }

    /// Looks at the source: that files are there and are what they say, counts, types and shapes.
    package func check(_ roots: DataRoots, _ limits: SourceLimits) throws(DatasetError) -> SourceSummary {
        switch self {
        case .idx(let features, let labels):
            let files = IDXFile.files(features, labels, pointer)
            return try SourceSummary(
                try files.collecting { file throws(DatasetError) in try file.check(roots, limits) }, featureCount: 1)
        case .csv(let definition):
            let table = try CSVSource(definition, roots, maximumRows: limits.checkedRows, limits)
            return SourceSummary(
                count: table.isComplete ? table.records.count : nil, layout: table.records.layout, labels: table.labels)
        case .safetensors(let path, let features, let labels, let weights):
            let file = try SafetensorsSource(path, features, labels, weights, roots, pointer)
            try file.checkFeatures(features)
            return try SourceSummary(file.arrays, featureCount: features.count, weightCount: weights.count)
        case .text(let definition): return try TextSource.check(definition, roots, limits)
        case .synthetic(let definition):
            let source = try SyntheticSource(definition)
            return SourceSummary(count: source.count, layout: source.layout, labels: try source.firstLabels())
        }
    }

    /// Reads the source.
    package func open(_ roots: DataRoots, _ limits: SourceLimits) throws(DatasetError) -> any RecordSource {
        switch self {
        case .idx(let features, let labels):
            let files = IDXFile.files(features, labels, pointer)
            return try MemorySource(
                checking: try files.collecting { file throws(DatasetError) in try file.read(roots, limits) },
                featureCount: 1, files: files.map(\.path))
        case .csv(let definition):
            return try CSVSource(definition, roots, maximumRows: .max, limits).records
        case .safetensors(let path, let features, let labels, let weights):
            let file = try SafetensorsSource(path, features, labels, weights, roots, pointer)
            try file.checkFeatures(features)
            let arrays = try file.read(limits)
            return try MemorySource(
                checking: arrays, featureCount: features.count, weightCount: weights.count,
                files: arrays.map { _ in path })
        case .text(let definition): return try TextSource(definition, roots, limits)
        case .synthetic(let definition):
            return try SyntheticSource(definition)
        }
    }
}

/// An array that a source will have, by its name, type, shape with the records in front, and the member that named it.
struct ArraySummary {
    let name: String
    let type: ElementType
    let shape: [Int]
    let member: JSONPointer
}

extension SourceSummary {
    /// Arrays side by side; throws when their numbers of records differ or one has none.
    init(_ arrays: [ArraySummary], featureCount: Int, weightCount: Int = 0) throws(DatasetError) {
        var first: ArraySummary?
        for array in arrays {
            guard let records = array.shape.first else {
                throw DatasetError(.mismatch, array.member, "\(array.name) is a single number, not one for each record")
            }
            guard records > 0 else { throw DatasetError(.mismatch, array.member, "\(array.name) has no records") }
            if let first, first.shape.first != records {
                throw DatasetError(
                    .mismatch, array.member,
                    "\(array.name) has \(records) records, but \(first.name) has \(first.shape.first ?? 0)")
            }
            first = first ?? array
        }
        self.init(
            count: first?.shape.first,
            layout: RecordLayout(
                elements: arrays.map {
                    ElementSpec(name: $0.name, type: $0.type, shape: Array($0.shape.dropFirst()))
                }, featureCount: featureCount, weightCount: weightCount))
    }
}

extension MemorySource {
    /// Arrays side by side, by the same rule.
    convenience init(
        checking arrays: [(summary: ArraySummary, array: NDArray)], featureCount: Int, weightCount: Int = 0,
        files: [String]
    ) throws(DatasetError) {
        _ = try SourceSummary(arrays.map(\.summary), featureCount: featureCount, weightCount: weightCount)
        self.init(
            arrays.map { (name: $0.summary.name, array: $0.array) }, featureCount: featureCount,
            weightCount: weightCount, places: files.map { RecordLocations(file: $0) })
    }
}

/// One IDX file of a source.
struct IDXFile {
    let path: String
    let name: String
    let pointer: JSONPointer

    init(_ path: String, _ name: String, _ source: JSONPointer) {
        self.path = path
        self.name = name
        pointer = source.appending(name)
    }

    static func files(_ features: String, _ labels: String?, _ source: JSONPointer) -> [IDXFile] {
        [IDXFile(features, "features", source)] + (labels.map { [IDXFile($0, "labels", source)] } ?? [])
    }

    func check(_ roots: DataRoots, _ limits: SourceLimits) throws(DatasetError) -> ArraySummary {
        let file = try roots.open(path, for: pointer)
        do {
            let header = try IDX.check(file, limit: limits.bytes)
            return ArraySummary(name: name, type: header.type, shape: header.shape, member: pointer)
        } catch {
            throw DatasetError(error, of: path, pointer)
        }
    }

    func read(
        _ roots: DataRoots, _ limits: SourceLimits
    ) throws(DatasetError) -> (summary: ArraySummary, array: NDArray) {
        let file = try roots.open(path, for: pointer)
        do {
            let array = try IDX.read(file, limit: limits.bytes)
            return (ArraySummary(name: name, type: array.type, shape: array.shape, member: pointer), array)
        } catch {
            throw DatasetError(error, of: path, pointer)
        }
    }
}

/// A safetensors file of a source: the tensors asked for.
struct SafetensorsSource {
    let path: String
    let pointer: JSONPointer
    let file: SafetensorsFile
    let arrays: [ArraySummary]

    init(
        _ path: String, _ features: [String], _ labels: [String], _ weights: [String], _ roots: DataRoots,
        _ pointer: JSONPointer
    ) throws(DatasetError) {
        self.path = path
        self.pointer = pointer
        let member = pointer.appending("path")
        let open = try roots.open(path, for: member)
        do {
            file = try SafetensorsFile(open)
        } catch {
            throw DatasetError(error, of: path, member)
        }
        var arrays: [ArraySummary] = []
        var errors: [DatasetError] = []
        for (kind, names) in [("features", features), ("labels", labels), ("sample_weight", weights)] {
            for (place, name) in names.enumerated() {
                // One label may be given without a list.
                let member = pointer.appending(kind)
                let pointer = kind != "features" && names.count == 1 ? member : member.appending(place)
                guard let entry = file.header.entry(named: name) else {
                    let nearest = NearestName.of(name, among: file.header.names)
                    let hint =
                        (errors.isEmpty ? "; it holds \(file.header.namesInWords)" : "")
                        + (nearest.map { "; did you mean \($0.quotedForMessage)?" } ?? "")
                    errors.append(
                        DatasetError(.mismatch, pointer, "\(path) has no tensor \(name.quotedForMessage)\(hint)"))
                    continue
                }
                arrays.append(ArraySummary(name: name, type: entry.type, shape: entry.shape, member: pointer))
            }
        }
        if let error = DatasetError(errors) { throw error }
        self.arrays = arrays
    }

    /// A source has at least one feature.
    func checkFeatures(_ features: [String]) throws(DatasetError) {
        guard features.isEmpty else { return }
        throw DatasetError(.invalidDefinition, pointer.appending("features"), "must name at least one tensor")
    }

    func read(_ limits: SourceLimits) throws(DatasetError) -> [(summary: ArraySummary, array: NDArray)] {
        let size = arrays.reduce(0) { $0.addingSaturated($1.type.bytes(ofShape: $1.shape) ?? 0) }
        guard size <= limits.bytes else {
            throw DatasetError(
                .tooLarge, pointer.appending("path"),
                "\(path) holds \(size) bytes, more than the limit of \(limits.bytes)")
        }
        var read: [(summary: ArraySummary, array: NDArray)] = []
        for array in arrays {
            do {
                if let tensor = try file.tensor(array.name) { read.append((array, tensor)) }
            } catch {
                throw DatasetError(error, of: path, pointer.appending("path"))
            }
        }
        return read
    }
}

extension [IDXFile] {
    /// What the closure makes of every file; what is wrong with any of them is thrown together.
    fileprivate func collecting<Made>(_ make: (IDXFile) throws(DatasetError) -> Made) throws(DatasetError) -> [Made] {
        var made: [Made] = []
        var errors: [DatasetError] = []
        for file in self {
            do {
                made.append(try make(file))
            } catch {
                errors.append(error)
            }
        }
        if let error = DatasetError(errors) { throw error }
        return made
    }
}
