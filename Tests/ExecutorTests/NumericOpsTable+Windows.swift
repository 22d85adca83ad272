import Formats
import Graph

extension NumericOpsTable {
    static let windows: [String: Build] = [
        "conv2d": { arguments in
            [
                arguments.x.convolution(
                    arguments["filter"], strides: arguments.ints("strides"), dilation: arguments.ints("dilations"),
                    padding: padding(arguments))
            ]
        },
        "depthwise_conv2d": { arguments in
            let (x, filter) = (arguments.x, arguments["filter"])
            let channels = filter.shape[2]
            let grouped = filter.reshape(to: [filter.shape[0], filter.shape[1], 1, channels * filter.shape[3]])
            return [
                x.convolution(
                    grouped, strides: arguments.ints("strides"), padding: padding(arguments), groups: channels)
            ]
        },
        "max_pool": { arguments in
            [
                arguments.x.maxPool(
                    arguments.ints("ksize") ?? [], strides: arguments.ints("strides"), padding: padding(arguments))
            ]
        },
        "avg_pool": { arguments in
            [
                arguments.x.averagePool(
                    arguments.ints("ksize") ?? [], strides: arguments.ints("strides"), padding: padding(arguments))
            ]
        },
    ]

    static let indexing: [String: Build] = [
        "gather": { arguments in
            let (table, axis) = (arguments["params"], arguments.int("axis"))
            let indices = arguments["indices"]
            if arguments.int("batch_dims") == 1 {
                // Row i of the indices looks into row i of a table of two axes, which lie one behind the other.
                let first = indices.builder.iota(shape: [indices.shape[0], 1], axis: 0, dtype: indices.dtype)
                let width = indices.builder.constant(Double(table.shape[1]), dtype: indices.dtype)
                return [table.reshape(to: [-1]).gather(indices + first * width)]
            }
            guard axis != 0 else { return [table.gather(indices)] }
            // Rows along another axis: that axis in front, and behind the others again.
            let order = [axis] + (0..<table.rank).filter { $0 != axis }
            let rows = table.transposed(order).gather(indices)
            let places = indices.rank
            let back = (0..<axis).map { places + $0 } + Array(0..<places) + ((places + axis)..<rows.rank)
            return [rows.transposed(back)]
        },
        "gather_nd": { arguments in
            let (table, indices) = (arguments["params"], arguments["indices"])
            let depth = indices.shape[indices.rank - 1]
            let strides = Shape(Array(table.shape.dimensions.prefix(depth))).dimensions.indices.map { axis in
                Double(table.shape.dimensions[(axis + 1)..<depth].reduce(1, *))
            }
            let weights = indices.builder.constant(strides, shape: [depth], dtype: indices.dtype)
            let rows = Array(table.shape.dimensions.dropFirst(depth))
            return [table.reshape(to: [-1] + rows).gather((indices * weights).reduceSum(axes: [-1]))]
        },
        "embedding_lookup": { [$0["table"].gather($0["ids"])] },
        "cumsum": { arguments in
            [
                arguments.x.cumulativeSum(
                    axis: arguments.int("axis"), isExclusive: arguments.flag("exclusive"),
                    isReversed: arguments.flag("reverse"))
            ]
        },
    ]

    private static func padding(_ arguments: Arguments) -> WindowPadding {
        if let pairs = arguments.attributes["padding"]?.array {
            return .explicit(low: pairs.compactMap { $0[0]?.int }, high: pairs.compactMap { $0[1]?.int })
        }
        return arguments.attributes["padding"]?.string == "SAME" ? .same : .valid
    }
}
