import Formats

extension SourceDefinition {
    /// The part of an input's definition that this source is.
    private var pointer: JSONPointer {
        switch self {
        case .idx: JSONPointer("source", "idx")
        case .csv: JSONPointer("source", "csv")
        case .safetensors: JSONPointer("source", "safetensors")
        case .synthetic: JSONPointer("source", "synthetic")
        }
    }

    /// Looks at the source: that files are there and are what they say, counts, types and shapes.
    package func check(_ roots: DataRoots, _ limits: SourceLimits) throws(DatasetError) -> SourceSummary {
        switch self {
        case .idx(let features, let labels):
            var arrays = [try IDXFile(features, "features", pointer).check(roots, limits)]
            if let labels { arrays.append(try IDXFile(labels, "labels", pointer).check(roots, limits)) }
            return try SourceSummary(arrays, featureCount: 1)
        case .csv(let definition):
            let table = try CSVSource(definition, roots, maximumRows: limits.checkedRows, limits)
            return SourceSummary(count: table.isComplete ? table.records.count : nil, layout: table.records.layout)
        case .safetensors(let path, let features, let labels):
            let file = try SafetensorsSource(path, features, labels, roots, pointer)
            return try SourceSummary(file.arrays, featureCount: features.count)
        case .synthetic(let definition):
            let source = try SyntheticSource(definition)
            return SourceSummary(count: source.count, layout: source.layout)
        }
    }

    /// Reads the source.
    package func open(_ roots: DataRoots, _ limits: SourceLimits) throws(DatasetError) -> any RecordSource {
        switch self {
        case .idx(let features, let labels):
            var arrays = [try IDXFile(features, "features", pointer).read(roots, limits)]
            if let labels { arrays.append(try IDXFile(labels, "labels", pointer).read(roots, limits)) }
            return try MemorySource(checking: arrays, featureCount: 1)
        case .csv(let definition):
            return try CSVSource(definition, roots, maximumRows: .max, limits).records
        case .safetensors(let path, let features, let labels):
            let file = try SafetensorsSource(path, features, labels, roots, pointer)
            return try MemorySource(checking: try file.read(limits), featureCount: features.count)
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
    init(_ arrays: [ArraySummary], featureCount: Int) throws(DatasetError) {
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
                }, featureCount: featureCount))
    }
}

extension MemorySource {
    /// Arrays side by side, by the same rule.
    convenience init(
        checking arrays: [(summary: ArraySummary, array: NDArray)], featureCount: Int
    ) throws(DatasetError) {
        _ = try SourceSummary(arrays.map(\.summary), featureCount: featureCount)
        self.init(arrays.map { (name: $0.summary.name, array: $0.array) }, featureCount: featureCount)
    }
}

/// One IDX file of a source.
private struct IDXFile {
    let path: String
    let name: String
    let pointer: JSONPointer

    init(_ path: String, _ name: String, _ source: JSONPointer) {
        self.path = path
        self.name = name
        pointer = source.appending(name)
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
private struct SafetensorsSource {
    let path: String
    let pointer: JSONPointer
    let file: SafetensorsFile
    let arrays: [ArraySummary]

    init(
        _ path: String, _ features: [String], _ labels: [String], _ roots: DataRoots, _ pointer: JSONPointer
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
        guard !features.isEmpty else {
            throw DatasetError(.invalidDefinition, pointer.appending("features"), "must name at least one tensor")
        }
        var arrays: [ArraySummary] = []
        for (kind, names) in [("features", features), ("labels", labels)] {
            for (place, name) in names.enumerated() {
                // One label may stand without a list.
                let member = pointer.appending(kind)
                let pointer = kind == "labels" && names.count == 1 ? member : member.appending(place)
                guard let entry = file.header.entry(named: name) else {
                    let nearest = NearestName.of(name, among: file.header.names)
                    let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
                    throw DatasetError(.mismatch, pointer, "\(path) has no tensor \"\(name)\"\(hint)")
                }
                arrays.append(ArraySummary(name: name, type: entry.type, shape: entry.shape, member: pointer))
            }
        }
        self.arrays = arrays
    }

    func read(_ limits: SourceLimits) throws(DatasetError) -> [(summary: ArraySummary, array: NDArray)] {
        let size = arrays.reduce(0) { $0 + ($1.type.bytes(ofShape: $1.shape) ?? 0) }
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
