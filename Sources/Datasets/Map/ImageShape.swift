import Formats

/// A record's array seen as an image: `[height, width]` or `[height, width, channels]`.
struct ImageShape: Sendable {
    /// Pixels of a column.
    let height: Int
    /// Pixels of a row.
    let width: Int
    /// Bytes of a pixel, all channels together.
    let pixelBytes: Int

    /// The array as an image; nil where it has other dimensions, or none of a pixel.
    init?(_ spec: ElementSpec) {
        guard 2...3 ~= spec.shape.count, spec.byteCount > 0 else { return nil }
        height = spec.shape[0]
        width = spec.shape[1]
        pixelBytes = spec.byteCount / (height * width)
    }

    private var rowBytes: Int { width * pixelBytes }

    /// Copies the image with its rows, or its columns, the other way round.
    func mirror(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, rows: Bool, columns: Bool
    ) {
        for y in 0..<height {
            let from = (columns ? height - 1 - y : y) * rowBytes
            let row = UnsafeRawBufferPointer(rebasing: source[from..<(from + rowBytes)])
            let place = UnsafeMutableRawBufferPointer(rebasing: target[(y * rowBytes)..<((y + 1) * rowBytes)])
            if rows { reverse(row, into: place) } else { place.copyMemory(from: row) }
        }
    }

    /// Copies the pixels of a row in reverse.
    private func reverse(_ row: UnsafeRawBufferPointer, into place: UnsafeMutableRawBufferPointer) {
        switch pixelBytes {
        case 1: reverse(row, into: place, of: UInt8.self)
        case 4: reverse(row, into: place, of: UInt32.self)
        default:
            for x in 0..<width {
                let from = (width - 1 - x) * pixelBytes
                UnsafeMutableRawBufferPointer(rebasing: place[(x * pixelBytes)..<((x + 1) * pixelBytes)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: row[from..<(from + pixelBytes)]))
            }
        }
    }

    private func reverse<Pixel: BitwiseCopyable>(
        _ row: UnsafeRawBufferPointer, into place: UnsafeMutableRawBufferPointer, of type: Pixel.Type
    ) {
        let pixels = row.bindMemory(to: type)
        let reversed = place.bindMemory(to: type)
        for x in 0..<width { reversed[x] = pixels[width - 1 - x] }
    }

    /// Copies the part of the image that begins at a row and a column; what lies outside of the image becomes 0.
    func cut(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ size: CropSize, top: Int,
        left: Int
    ) {
        target.initializeMemory(as: UInt8.self, repeating: 0)
        let columns = max(0, left)..<max(0, left, min(width, left + size.width))
        guard !columns.isEmpty else { return }
        for y in 0..<size.height where 0..<height ~= y + top {
            let from = (y + top) * rowBytes + columns.lowerBound * pixelBytes
            let place = (y * size.width + columns.lowerBound - left) * pixelBytes
            let bytes = columns.count * pixelBytes
            UnsafeMutableRawBufferPointer(rebasing: target[place..<(place + bytes)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[from..<(from + bytes)]))
        }
    }
}
