import Formats

/// The way of one element through the map.
struct ElementMap: Sendable {
    private enum Stage: Sendable {
        case convert(from: ElementType, to: ElementType)
        case scale(ElementType, Double)
        case offset(ElementType, Double)
        case normalize(ElementType, mean: [Double], std: [Double])
        case oneHot(from: ElementType, classes: Int, JSONPointer)
        case image(RandomImageStep, from: ElementSpec, to: ElementSpec)

        var isOneHot: Bool { if case .oneHot = self { true } else { false } }
    }

    private let input: ElementSpec
    private(set) var output: ElementSpec { didSet { widest = max(widest, output.byteCount) } }
    /// The most bytes that a record has on the way.
    private var widest: Int
    private var stages: [Stage] = []
    /// Whether the output's shape is known: it is not after a reshape that does not fit.
    private var hasShape = true

    init(_ spec: ElementSpec) {
        input = spec
        output = spec
        widest = spec.byteCount
    }

    /// What goes on where another way ends.
    init(behind way: ElementMap) {
        self.init(way.output)
        hasShape = way.hasShape
    }

    /// Whether anything but the shape changes.
    var isIdentity: Bool { stages.isEmpty }

    mutating func append(_ step: MapStep, _ pointer: JSONPointer) throws(DatasetError) {
        switch step {
        case .cast(let type): convert(to: type)
        case .scale(let factor):
            try checkFinite([factor], pointer)
            convertToFraction()
            stages.append(.scale(output.type, factor))
        case .offset(let summand):
            try checkFinite([summand], pointer)
            convertToFraction()
            stages.append(.offset(output.type, summand))
        case .normalize(let mean, let std):
            try checkFinite(mean + std, pointer)
            try checkNormalize(mean, std, pointer)
            convertToFraction()
            stages.append(.normalize(output.type, mean: mean, std: std))
        case .reshape(let shape):
            guard hasShape else { return }
            guard output.type.bytes(ofShape: shape) == output.byteCount else {
                hasShape = false
                throw DatasetError(
                    .mismatch, pointer,
                    "the shape \(shape) does not hold the \(output.count) elements of \(output.name) \(output.shape)")
            }
            output = ElementSpec(name: output.name, type: output.type, shape: shape)
        case .oneHot(let classes):
            if stages.contains(where: \.isOneHot) {
                throw DatasetError(.mismatch, pointer, "is given twice: \(output.name) holds vectors already")
            }
            guard classes > 0, ElementType.float32.bytes(ofShape: output.shape + [classes]) ?? .max <= 1 << 30 else {
                throw DatasetError(.invalidDefinition, pointer, "must be a sensible number of classes, not \(classes)")
            }
            stages.append(.oneHot(from: output.type, classes: classes, pointer))
            output = ElementSpec(name: output.name, type: .float32, shape: output.shape + [classes])
        case .randomFlip(let axes):
            guard hasShape else { return }
            stages.append(.image(.flip(axes, try image(pointer)), from: output, to: output))
        case .randomCrop(let size):
            guard hasShape else { return }
            let image = try image(pointer)
            let cropped = try crop(size, image, pointer)
            stages.append(.image(.crop(size, image), from: output, to: cropped))
            output = cropped
        }
    }

    private func image(_ pointer: JSONPointer) throws(DatasetError) -> ImageShape {
        if let image = ImageShape(output) { return image }
        throw DatasetError(
            .mismatch, pointer,
            "needs images, [height, width] or [height, width, channels], but \(output.name) is \(output.shape); reshape "
                + "comes before it")
    }

    private mutating func crop(
        _ size: CropSize, _ image: ImageShape, _ pointer: JSONPointer
    ) throws(DatasetError) -> ElementSpec {
        let room = [image.height + 2 * size.padding, image.width + 2 * size.padding]
        let shape = [size.height, size.width] + output.shape.dropFirst(2)
        guard size.height <= room[0], size.width <= room[1], output.type.bytes(ofShape: shape) ?? .max <= 1 << 30 else {
            hasShape = false
            throw DatasetError(
                .mismatch, pointer,
                "can't cut \(size.height) by \(size.width) pixels out of \(room[0]) by \(room[1]), which \(output.name) "
                    + "\(output.shape) has" + (size.padding > 0 ? " with \(size.padding) of padding on each side" : ""))
        }
        return ElementSpec(name: output.name, type: output.type, shape: shape)
    }

    private func checkNormalize(_ mean: [Double], _ std: [Double], _ pointer: JSONPointer) throws(DatasetError) {
        var errors: [DatasetError] = []
        let allowed = [1, output.shape.last ?? 1, output.count]
        for (name, values) in [("mean", mean), ("std", std)] where hasShape && !allowed.contains(values.count) {
            errors.append(
                DatasetError(
                    .mismatch, pointer.appending(name),
                    "must have 1 number, or one for each of the last axis or of all elements of \(output.shape), not "
                        + "\(values.count)"))
        }
        if let place = std.firstIndex(where: { $0 == 0 }) {
            errors.append(
                DatasetError(.invalidDefinition, pointer.appending("std").appending(place), "must not be 0"))
        }
        if let error = DatasetError(errors) { throw error }
    }

    private mutating func convert(to type: ElementType) {
        if type == output.type { return }
        stages.append(.convert(from: output.type, to: type))
        output = ElementSpec(name: output.name, type: type, shape: output.shape)
    }

    private mutating func convertToFraction() {
        if output.type != .float64 { convert(to: .float32) }
    }

    private func checkFinite(_ values: [Double], _ pointer: JSONPointer) throws(DatasetError) {
        if let value = values.first(where: { !$0.isFinite }) {
            throw DatasetError(.invalidDefinition, pointer, "must be a finite number, not \(value)")
        }
    }

    // MARK: Doing it

    /// Maps consecutive records from one buffer to another; `first` is the first one's number from 0, for messages with
    /// their places. Random steps draw from a generator for each record.
    func apply(
        _ source: UnsafeRawBufferPointer, into destination: UnsafeMutableRawBufferPointer, first: Int,
        _ places: RecordLocations, draws: [SplitMix64] = []
    ) throws(DatasetError) {
        guard input.byteCount > 0 else { return }
        let count = source.count / input.byteCount
        let size = count * widest
        var draws = draws
        let scratch = [0, 1].map { _ in UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64) }
        defer { scratch.forEach { $0.deallocate() } }
        var current = UnsafeMutableRawBufferPointer(rebasing: scratch[0][..<source.count])
        var other = scratch[1]
        current.copyMemory(from: source)
        for stage in stages {
            switch stage {
            case .convert(let from, let to):
                let target = UnsafeMutableRawBufferPointer(rebasing: other[..<(current.count / from.size * to.size)])
                ElementConversion.convert(UnsafeRawBufferPointer(current), from, into: target, to)
                swap(&current, &other, target)
            case .scale(let type, let factor):
                if type == .float64 { inPlace(current, Double.self) { $0 * factor } }
                if type == .float32 { inPlace(current, Float.self) { [factor = Float(factor)] in $0 * factor } }
            case .offset(let type, let summand):
                if type == .float64 { inPlace(current, Double.self) { $0 + summand } }
                if type == .float32 { inPlace(current, Float.self) { [summand = Float(summand)] in $0 + summand } }
            case .normalize(let type, let mean, let std):
                if type == .float64 { normalize(current, mean, std) }
                if type == .float32 { normalize(current, mean.map(Float.init), std.map(Float.init)) }
            case .oneHot(let from, let classes, let pointer):
                let target = UnsafeMutableRawBufferPointer(
                    rebasing: other[..<(current.count / from.size * classes * 4)])
                if let wrong = ClassLabels.firstWrong(
                    UnsafeRawBufferPointer(current), from, perRecord: max(1, input.count), classes: classes,
                    first: first, places)
                {
                    throw DatasetError(.invalidData, pointer, "\(wrong)")
                }
                oneHot(current, from, classes, into: target)
                swap(&current, &other, target)
            case .image(let step, let from, let to):
                let target = UnsafeMutableRawBufferPointer(rebasing: other[..<(count * to.byteCount)])
                for record in 0..<count {
                    step.apply(
                        from.array(of: record, in: UnsafeRawBufferPointer(current)),
                        into: to.array(of: record, in: target),
                        &draws[record])
                }
                swap(&current, &other, target)
            }
        }
        destination.copyMemory(from: UnsafeRawBufferPointer(current))
    }

    /// The filled buffer becomes the current one, and the one it was made from is free, at its whole size.
    private func swap(
        _ current: inout UnsafeMutableRawBufferPointer, _ other: inout UnsafeMutableRawBufferPointer,
        _ filled: UnsafeMutableRawBufferPointer
    ) {
        let size = other.count
        other = UnsafeMutableRawBufferPointer(start: current.baseAddress, count: size)
        current = filled
    }

    private func inPlace<Value: BitwiseCopyable>(
        _ buffer: UnsafeMutableRawBufferPointer, _ type: Value.Type, _ change: (Value) -> Value
    ) {
        let values = buffer.bindMemory(to: type)
        for index in values.indices { values[index] = change(values[index]) }
    }

    private func normalize<Value: BinaryFloatingPoint & BitwiseCopyable>(
        _ buffer: UnsafeMutableRawBufferPointer, _ mean: [Value], _ std: [Value]
    ) {
        let values = buffer.bindMemory(to: Value.self)
        var meanIndex = 0
        var stdIndex = 0
        for index in values.indices {
            values[index] = (values[index] - mean[meanIndex]) / std[stdIndex]
            meanIndex = meanIndex + 1 == mean.count ? 0 : meanIndex + 1
            stdIndex = stdIndex + 1 == std.count ? 0 : stdIndex + 1
        }
    }

    private func oneHot(
        _ source: UnsafeMutableRawBufferPointer, _ type: ElementType, _ classes: Int,
        into target: UnsafeMutableRawBufferPointer
    ) {
        target.initializeMemory(as: UInt8.self, repeating: 0)
        let ones = target.bindMemory(to: Float.self)
        guard let base = source.baseAddress else { return }
        for index in 0..<(source.count / type.size) {
            // The labels have been held against the classes.
            if let value = type.classNumber(at: base + index * type.size) { ones[index * classes + value] = 1 }
        }
    }
}

extension ElementSpec {
    /// The bytes of one of consecutive records' arrays.
    fileprivate func array(of record: Int, in bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[(record * byteCount)..<((record + 1) * byteCount)])
    }

    /// The same to write to.
    fileprivate func array(
        of record: Int, in bytes: UnsafeMutableRawBufferPointer
    ) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: bytes[(record * byteCount)..<((record + 1) * byteCount)])
    }
}
