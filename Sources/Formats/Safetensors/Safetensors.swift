package import OrderedCollections

/// The contents of a safetensors file: named arrays and free text.
package struct Safetensors: Sendable, Hashable {
    /// The arrays by name.
    package var tensors: OrderedDictionary<String, NDArray>
    /// The free text of `__metadata__`.
    package var metadata: OrderedDictionary<String, String>

    /// A value to be written.
    package init(
        tensors: OrderedDictionary<String, NDArray> = [:], metadata: OrderedDictionary<String, String> = [:]
    ) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// Reads a whole file; see ``SafetensorsHeader`` for what is refused.
    package init(parsing bytes: [UInt8]) throws(FormatError) {
        let length = try SafetensorsHeader.length(Array(bytes.prefix(8)), fileSize: bytes.count)
        let header = try SafetensorsHeader(json: Array(bytes[8..<(8 + length)]), fileSize: bytes.count)
        metadata = header.metadata
        tensors = [:]
        for (name, entry) in header.entries {
            let start = header.dataOffset + entry.range.lowerBound
            tensors[name] = try NDArray(
                type: entry.type, shape: entry.shape, bytes: Array(bytes[start..<(start + entry.range.count)]))
        }
    }

    /// Reads a whole file.
    package init(path: String) throws(FormatError) {
        self = try SafetensorsFile(path: path).all()
    }

    /// The array of that name.
    package subscript(name: String) -> NDArray? { tensors[name] }

    /// The file's bytes: the same for the same arrays whatever their order here, since tensors are laid out as the
    /// reference implementation (0.8) does it: by its rank of types, wider ones first, then by name; metadata by name. The header is filled with
    /// spaces to a multiple of 8, so that every tensor is aligned to its type.
    package func serialized() -> [UInt8] {
        let layout = SafetensorsLayout(
            tensors.map { ($0.key, $0.value.type, $0.value.shape) }, metadata: Array(metadata.elements))
        var bytes = layout.head
        bytes.reserveCapacity(layout.fileSize)
        for name in layout.names {
            if let tensor = tensors[name] { bytes.append(contentsOf: tensor.bytes) }
        }
        return bytes
    }
}

/// The head of a file to be written and the order in which the arrays' bytes follow it.
package struct SafetensorsLayout: Sendable {
    /// The length, the header and its filling.
    package let head: [UInt8]
    /// The tensors in the order of their bytes.
    package let names: [String]
    /// The size of the whole file.
    package let fileSize: Int

    /// Lays out tensors; their names must be unique and none `__metadata__`, their shapes must fit in memory.
    package init(
        _ tensors: [(name: String, type: ElementType, shape: [Int])], metadata: [(key: String, value: String)] = []
    ) {
        let ordered = tensors.sorted { ($1.type.safetensorsRank, $0.name) < ($0.type.safetensorsRank, $1.name) }
        var header: OrderedDictionary<String, JSON> = [:]
        if !metadata.isEmpty {
            let sorted = metadata.sorted { $0.key < $1.key }
            header["__metadata__"] = .object(
                OrderedDictionary(uniqueKeysWithValues: sorted.map { ($0.key, JSON.string($0.value)) }))
        }
        var offset = 0
        for (name, type, shape) in ordered {
            guard let count = type.bytes(ofShape: shape) else {
                preconditionFailure("the caller has checked the shape \(shape)")
            }
            precondition(name != "__metadata__" && header[name] == nil, "the name \(name) is taken")
            header[name] = [
                "dtype": JSON(type.safetensorsName), "shape": JSON(shape),
                "data_offsets": JSON([offset, offset + count]),
            ]
            offset += count
        }
        var json = JSON.object(header).serialized()
        json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
        head = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
        names = ordered.map(\.name)
        fileSize = head.count + offset
    }
}
