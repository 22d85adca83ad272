package import Formats

/// One thing done to each record: the contract's section 4, `map`.
///
/// All steps but ``oneHot(_:)`` change the features; that one changes the labels. Arithmetic is done in the features'
/// floating-point type; whole numbers become float32 first. A random step, and what comes behind it, is done each time that
/// a record comes.
package enum MapStep: Sendable, Hashable {
    /// To another type, as NumPy's `astype`; what does not fit is held to the limits.
    case cast(ElementType)
    /// Times a number.
    case scale(Double)
    /// Plus a number.
    case offset(Double)
    /// `(x - mean) / std`, with one number for all, one for each of the last axis, or one for each element.
    case normalize(mean: [Double], std: [Double])
    /// To another shape of as many elements.
    case reshape([Int])
    /// Class numbers to float32 vectors with a one at the class's place.
    case oneHot(Int)
    /// Mirrors images at random: arrays `[height, width]` or `[height, width, channels]`.
    case randomFlip(FlipAxes)
    /// Keeps a random part of images.
    case randomCrop(CropSize)

    /// The step's name in a document.
    package var name: String {
        switch self {
        case .cast: "cast"
        case .scale: "scale"
        case .offset: "offset"
        case .normalize: "normalize"
        case .reshape: "reshape"
        case .oneHot: "one_hot"
        case .randomFlip: "random_flip"
        case .randomCrop: "random_crop"
        }
    }

    /// Whether the step draws, so that a record is another one each time it comes.
    var isRandom: Bool {
        switch self {
        case .randomFlip, .randomCrop: true
        case .cast, .scale, .offset, .normalize, .reshape, .oneHot: false
        }
    }
}
