import Formats

extension Dataset {
    /// The first number of the input that is NaN or infinite, after the map: "row 7 (line 8) of a.csv holds NaN in
    /// column \"b\"". Nil when all are finite. All records are read, as they
    /// are before the first random step.
    package func firstNotFinite() throws(DatasetError) -> String? {
        for (element, spec) in source.layout.elements.enumerated() where spec.type.isFloatingPoint && spec.byteCount > 0
        {
            let places = source.places[element]
            let found = try source.first(element) { bytes, first -> String? in
                guard let base = bytes.baseAddress else { return nil }
                for index in 0..<(bytes.count / spec.type.size) {
                    let address = base + index * spec.type.size
                    if spec.type.fraction(at: address).isFinite { continue }
                    let (record, offset) = index.quotientAndRemainder(dividingBy: spec.count)
                    return "\(places.words(first + record)) holds \(spec.type.words(at: address)) in "
                        + Dataset.part(offset, of: spec, places) + (pipeline.map.isEmpty ? "" : " after its map")
                }
                return nil
            }
            if let found { return found }
        }
        return nil
    }

    /// The name of one number of a record.
    private static func part(_ offset: Int, of spec: ElementSpec, _ places: RecordLocations) -> String {
        if let columns = places.columns, columns.count == spec.count {
            return "column \(columns[offset].quotedForMessage)"
        }
        if spec.shape.isEmpty { return spec.name.quotedForMessage }
        var indices: [Int] = []
        var rest = offset
        for extent in spec.shape.reversed() {
            indices.insert(rest % max(1, extent), at: 0)
            rest /= max(1, extent)
        }
        return "\(spec.name.quotedForMessage) at \(indices)"
    }
}
