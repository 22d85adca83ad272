import Formats
import Graph

/// Groups of a row's channels of mean 0 and deviation 1, then scaled and shifted (Keras: `GroupNormalization`).
struct GroupNormalizationLayer: UnaryLayer {
    static let className = "GroupNormalization"
    let common: LayerHeader
    /// −1: each channel is a group.
    private let groups: Int
    private let groupsPointer: JSONPointer
    private let axis: RowAxes
    private let epsilon: Double
    private let beta: VariableSettings?
    private let gamma: VariableSettings?

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        groups = reader.int("groups", default: 32, in: -1...SpecLimit.extent)
        groupsPointer = reader.pointer(to: "groups")
        axis = RowAxes(reader)
        epsilon = reader.double("epsilon", default: 1e-3, in: .notNegative)
        let beta = VariableSettings(reader, "beta", default: .zeros)
        let gamma = VariableSettings(reader, "gamma", default: .ones)
        self.beta = reader.bool("center", default: true) ? beta : nil
        self.gamma = reader.bool("scale", default: true) ? gamma : nil
        if groups == 0 {
            reader.fault("groups", "must be a number of groups, or -1 for one of each channel, not 0")
            return nil
        }
        if axis.axes.count != 1 {
            reader.fault("axis", "must be one axis")
            return nil
        }
    }

    var masking: Masking { .passes }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let shape = try axis.places(in: input, of: self).map { input[$0] }
        let channels = shape[0]
        guard groups == -1 || channels.isMultiple(of: groups) && channels >= groups else {
            throw SpecError(
                groupsPointer, "must divide the channels of \(name)'s input, \(channels), not \(groups)")
        }
        return LayerPlan(
            input, variables: [gamma?.variable("gamma", shape), beta?.variable("beta", shape)].compactMap(\.self))
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        let channels = axis.tensorAxes(rank: x.rank).first ?? x.rank - 1
        let dimensions = x.shape.dimensions
        let groups = groups == -1 ? dimensions[channels] : groups
        var split = dimensions
        split[channels] /= max(1, groups)
        split.insert(groups, at: channels)
        let grouped = x.reshape(to: split)
        let axes = (1..<split.count).filter { $0 != channels }
        let centered = grouped - grouped.reduceMean(axes: axes, keepDimensions: true)
        let variance = centered.square().reduceMean(axes: axes, keepDimensions: true)
        var y = (centered * (variance + epsilon).rsqrt()).reshape(to: dimensions)
        let shape = dimensions.indices.map { $0 == channels ? dimensions[$0] : 1 }
        if gamma != nil { y = y * call["gamma"].reshape(to: shape) }
        if beta != nil { y = y + call["beta"].reshape(to: shape) }
        return y
    }
}
