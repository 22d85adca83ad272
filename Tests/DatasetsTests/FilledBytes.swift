/// As many bytes, aligned to 8, as the closure filled them; 255 where it did not.
func filledBytes(
    _ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void
) throws -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 255)
    try fill(buffer)
    return Array(buffer)
}
