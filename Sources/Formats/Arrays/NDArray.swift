/// An array of numbers: element type, shape (row-major, the last dimension contiguous) and little-endian bytes.
package struct NDArray: Sendable, Hashable, CustomStringConvertible {
    /// The elements' type.
    package let type: ElementType
    /// The dimensions; empty for a scalar.
    package let shape: [Int]
    /// The elements; `type.bytes(ofShape: shape)` bytes.
    package private(set) var bytes: [UInt8]

    /// An array by its bytes; throws `mismatch` when their number is not what type and shape say.
    package init(type: ElementType, shape: [Int], bytes: [UInt8]) throws(FormatError) {
        guard type.bytes(ofShape: shape) == bytes.count else {
            throw FormatError(.mismatch, "\(bytes.count) bytes don't make a \(type) array of shape \(shape)")
        }
        self.type = type
        self.shape = shape
        self.bytes = bytes
    }

    /// An array of zeros; the shape must be one that fits in memory.
    package init(zeros type: ElementType, shape: [Int]) {
        guard let count = type.bytes(ofShape: shape) else {
            preconditionFailure("the caller has checked the shape \(shape)")
        }
        self.type = type
        self.shape = shape
        bytes = [UInt8](repeating: 0, count: count)
    }

    /// An array by its elements in row-major order; without a shape, a vector. The count must fit the shape.
    package init<Element: ArrayElement>(_ elements: [Element], shape: [Int]? = nil) {
        let shape = shape ?? [elements.count]
        precondition(shape.reduce(1, *) == elements.count, "\(elements.count) elements do not fill the shape \(shape)")
        type = Element.elementType
        self.shape = shape
        bytes = elements.withUnsafeBytes { [UInt8]($0) }
    }

    /// The number of elements.
    package var count: Int { bytes.count / type.size }

    /// The elements as a Swift array; throws `mismatch` when they are of another type.
    package func elements<Element: ArrayElement>(as type: Element.Type = Element.self) throws(FormatError) -> [Element]
    {
        guard self.type == Element.elementType else {
            throw FormatError(.mismatch, "The array holds \(self.type), not \(Element.elementType)")
        }
        return bytes.withUnsafeBytes { raw in
            [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: raw)
                initialized = count
            }
        }
    }

    /// Calls the closure with the elements' bytes; they are aligned for every element type.
    package func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeBytes(body)
    }

    /// Calls the closure with the elements' bytes to change them; they are aligned for every element type.
    package mutating func withUnsafeMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try bytes.withUnsafeMutableBytes(body)
    }

    /// The type and shape, as `float32 [2, 3]`.
    package var description: String { "\(type) \(shape)" }
}
