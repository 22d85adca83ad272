import COneDNN
import Graph

/// A convolution of oneDNN, or one of its gradients, for one number of rows. Arrays come in and go out as they lie in
/// the graph, channels last; where the primitive likes another layout better, it gets a copy.
// @unchecked: the primitives are not changed once made; each run takes a context for itself.
final class ConvolutionPrimitive: @unchecked Sendable {
    /// An array that the primitive reads or writes.
    private struct Argument {
        /// oneDNN's number of the argument.
        let argument: Int32
        /// As it lies in the graph.
        let plain: dnnl_memory_desc_t
        /// As the primitive has it.
        let used: dnnl_memory_desc_t
        /// From one to the other, in the direction of the data; nil where they are the same.
        let reorder: dnnl_primitive_t?
    }

    private let primitive: dnnl_primitive_t
    /// The two operands in the graph's order, then the result.
    private let arrays: [Argument]
    private let idle: IdleContexts

    /// Throws `kernelFailed` where oneDNN refuses.
    init(_ shape: ConvolutionShape) throws(ExecutorError) {
        let types = shape.types
        let input = try OneDNN.layout(shape.inputLayout.extents, strides: shape.inputLayout.strides, types.input)
        let output = try OneDNN.layout(shape.outputLayout.extents, strides: shape.outputLayout.strides, types.output)
        let filter = try OneDNN.layout(shape.filterLayout.extents, strides: shape.filterLayout.strides, types.filter)
        let anyFilter = try OneDNN.anyLayout(shape.filterLayout.extents, types.filter)
        // Channels last from op to op; what only the plain loops of oneDNN can do that way is copied to its own layout.
        var description = try ConvolutionPrimitive.description(shape, input, anyFilter, output)
        let name = ConvolutionPrimitive.implementation(description)
        if name.hasPrefix("ref") || shape.isThinned && name.hasPrefix("jit_1x1") {
            dnnl_primitive_desc_destroy(description)
            description = try ConvolutionPrimitive.description(
                shape, OneDNN.anyLayout(shape.inputLayout.extents, types.input), anyFilter,
                OneDNN.anyLayout(shape.outputLayout.extents, types.output))
        }
        defer { dnnl_primitive_desc_destroy(description) }
        primitive = try OneDNN.primitive(description)
        func array(
            _ argument: Int32, _ plain: dnnl_memory_desc_t, _ kind: dnnl_query_t, isResult: Bool = false
        ) throws(ExecutorError) -> Argument {
            let own = OneDNN.array(kind, of: description)
            return Argument(
                argument: argument, plain: plain, used: own,
                reorder: try isResult
                    ? ConvolutionPrimitive.reorder(own, plain) : ConvolutionPrimitive.reorder(plain, own))
        }
        switch shape.direction {
        case .forward:
            arrays = [
                try array(DNNL_ARG_SRC, input, dnnl_query_src_md),
                try array(DNNL_ARG_WEIGHTS, filter, dnnl_query_weights_md),
                try array(DNNL_ARG_DST, output, dnnl_query_dst_md, isResult: true),
            ]
        case .inputGradient:
            arrays = [
                try array(DNNL_ARG_DIFF_DST, output, dnnl_query_diff_dst_md),
                try array(DNNL_ARG_WEIGHTS, filter, dnnl_query_weights_md),
                try array(DNNL_ARG_DIFF_SRC, input, dnnl_query_diff_src_md, isResult: true),
            ]
        case .filterGradient:
            arrays = [
                try array(DNNL_ARG_SRC, input, dnnl_query_src_md),
                try array(DNNL_ARG_DIFF_DST, output, dnnl_query_diff_dst_md),
                try array(DNNL_ARG_DIFF_WEIGHTS, filter, dnnl_query_diff_weights_md, isResult: true),
            ]
        }
        idle = IdleContexts(
            arrays.map { ($0.argument, $0.plain, $0.used) }, OneDNN.array(dnnl_query_scratchpad_md, of: description))
    }

    deinit {
        for array in arrays { if let reorder = array.reorder { dnnl_primitive_destroy(reorder) } }
        dnnl_primitive_destroy(primitive)
    }

    /// Computes the result from the two operands, in the order of the graph's op.
    func run(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, into out: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        let context = try idle.take()
        defer { idle.giveBack(context) }
        try context.bind(a, b, out)
        for index in 0..<2 { if let reorder = arrays[index].reorder { try context.copyIn(reorder, index) } }
        try context.execute(primitive)
        if let reorder = arrays[2].reorder { try context.copyOut(reorder, 2) }
    }

    // MARK: Making

    private static func description(
        _ shape: ConvolutionShape, _ input: dnnl_memory_desc_t, _ filter: dnnl_memory_desc_t,
        _ output: dnnl_memory_desc_t
    ) throws(ExecutorError) -> dnnl_primitive_desc_t {
        var (input, filter, output) = (input, filter, output)
        let window = shape.window
        let strides = window.strides.map(Int64.init)
        // oneDNN counts the cells left out between two taps.
        let gaps = window.dilation.map { Int64($0 - 1) }
        let (low, high) = (window.low.map(Int64.init), window.high.map(Int64.init))
        // A gradient goes by a forward pass whose arrays all have the operands' type, also where it is float32 itself.
        var hints = (input: input, filter: filter, output: output)
        if shape.direction != .forward {
            hints.input.data_type = OneDNN.type(shape.operand)
            hints.filter.data_type = OneDNN.type(shape.operand)
            hints.output.data_type = OneDNN.type(shape.operand)
        }
        var forward = dnnl_convolution_desc_t()
        try OneDNN.expect(
            dnnl_dilated_convolution_forward_desc_init(
                &forward, dnnl_forward_training, dnnl_convolution_direct, &hints.input, &hints.filter, nil,
                &hints.output, strides, gaps, low, high), "the convolution \(window)")
        let hint = try OneDNN.description(&forward, of: "the convolution \(window)")
        if shape.direction == .forward { return hint }
        defer { dnnl_primitive_desc_destroy(hint) }
        var backward = dnnl_convolution_desc_t()
        if shape.direction == .inputGradient {
            try OneDNN.expect(
                dnnl_dilated_convolution_backward_data_desc_init(
                    &backward, dnnl_convolution_direct, &input, &filter, &output, strides, gaps, low, high),
                "the input gradient of the convolution \(window)")
        } else {
            try OneDNN.expect(
                dnnl_dilated_convolution_backward_weights_desc_init(
                    &backward, dnnl_convolution_direct, &input, &filter, nil, &output, strides, gaps, low, high),
                "the filter gradient of the convolution \(window)")
        }
        return try OneDNN.description(&backward, hint: hint, of: "a gradient of the convolution \(window)")
    }

    /// oneDNN's name of what computes: `ref` are its loops without vectors.
    private static func implementation(_ description: dnnl_primitive_desc_t) -> String {
        var name: UnsafePointer<CChar>?
        guard dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &name) == dnnl_success, let name
        else { return "" }
        return String(cString: name)
    }

    private static func reorder(
        _ from: dnnl_memory_desc_t, _ to: dnnl_memory_desc_t
    ) throws(ExecutorError) -> dnnl_primitive_t? {
        var (from, to) = (from, to)
        guard dnnl_memory_desc_equal(&from, &to) == 0 else { return nil }
        var attributes: dnnl_primitive_attr_t?
        try OneDNN.expect(dnnl_primitive_attr_create(&attributes), "a copy's attributes")
        defer { dnnl_primitive_attr_destroy(attributes) }
        var description: dnnl_primitive_desc_t?
        try OneDNN.expect(
            dnnl_reorder_primitive_desc_create(&description, &from, OneDNN.engine, &to, OneDNN.engine, attributes),
            "a copy between layouts")
        defer { dnnl_primitive_desc_destroy(description) }
        var primitive: dnnl_primitive_t?
        try OneDNN.expect(dnnl_primitive_create(&primitive, description), "a copy between layouts")
        return primitive
    }
}
