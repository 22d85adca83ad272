/// The axes along which `random_flip` mirrors images, each with probability 1/2 and by a draw of its own.
package enum FlipAxes: String, Sendable, Hashable, CaseIterable {
    /// Left and right (`tf.image.random_flip_left_right`).
    case horizontal
    /// Top and bottom (`tf.image.random_flip_up_down`).
    case vertical
    /// Left and right, and top and bottom.
    case horizontalAndVertical = "horizontal_and_vertical"
}

/// The part of an image that `random_crop` keeps.
package struct CropSize: Sendable, Hashable {
    /// Pixels of a column.
    package let height: Int
    /// Pixels of a row.
    package let width: Int
    /// Zeros that are put around the image before, on each side.
    package let padding: Int

    /// A size, in pixels; height and width are positive, no padding unless given.
    package init(height: Int, width: Int, padding: Int = 0) {
        self.height = height
        self.width = width
        self.padding = padding
    }
}

/// What a random step does to an image of a known shape.
enum RandomImageStep: Sendable {
    case flip(FlipAxes, ImageShape)
    case crop(CropSize, ImageShape)

    /// Makes one image of another; each draw is the generator's next.
    func apply(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ random: inout SplitMix64
    ) {
        switch self {
        case .flip(let axes, let shape):
            let mirrorsRows = axes != .vertical && random.nextBool()
            let mirrorsColumns = axes != .horizontal && random.nextBool()
            shape.mirror(source, into: target, rows: mirrorsRows, columns: mirrorsColumns)
        case .crop(let size, let shape):
            let top = Int(random.next(below: UInt64(shape.height + 2 * size.padding - size.height + 1)))
            let left = Int(random.next(below: UInt64(shape.width + 2 * size.padding - size.width + 1)))
            shape.cut(source, into: target, size, top: top - size.padding, left: left - size.padding)
        }
    }
}
