extension Tensor {
    /// Elements converted to another type (`tf.cast`); see `Op.convert` for what is cut.
    public func cast(to dtype: DType) -> Tensor { dtype == self.dtype ? self : apply(.convert(dtype)) }

    /// The same elements in another shape; one extent may be −1 and follows from the others.
    public func reshape(to dimensions: [Int]) -> Tensor {
        var dimensions = dimensions
        if let free = dimensions.firstIndex(of: -1) {
            dimensions[free] = 1
            let rest = Shape(dimensions)
            guard rest.isValid, rest.count > 0, shape.count % rest.count == 0 else {
                return builder.fail(
                    GraphError(.shapeMismatch, "\(type) doesn't fit \(rest) with axis \(free) free", op: "reshape"),
                    type)
            }
            dimensions[free] = shape.count / rest.count
        }
        return Shape(dimensions) == shape ? self : apply(.reshape(Shape(dimensions)))
    }

    /// All axes behind the first joined to one (Keras' `Flatten`); a vector gets an axis of extent 1.
    public func flattened() -> Tensor {
        guard rank >= 1 else { return reshape(to: [1, 1]) }
        return reshape(to: [shape[0], Shape(Array(shape.dimensions.dropFirst())).count])
    }

    /// A new axis of extent 1 at this place of the result (may count from the end).
    public func expandDimensions(at place: Int) -> Tensor {
        guard let place = axis(place, "expandDimensions", rank: rank + 1) else { return nothing() }
        var dimensions = shape.dimensions
        dimensions.insert(1, at: place)
        return reshape(to: dimensions)
    }

    /// Without this axis, whose extent must be 1.
    public func squeeze(at place: Int) -> Tensor {
        guard let place = axis(place, "squeeze") else { return nothing() }
        guard shape[place] == 1 else {
            return builder.fail(GraphError(.shapeMismatch, "axis \(place) of \(type) is not 1", op: "squeeze"), type)
        }
        return reshape(to: shape.removing(axes: [place]).dimensions)
    }

    /// Axes in another order; by default reversed.
    public func transposed(_ permutation: [Int]? = nil) -> Tensor {
        apply(.transpose(permutation: permutation ?? Array((0..<rank).reversed())))
    }

    /// Elements `starts ..< limits` by `strides` of each axis; strides are 1 by default.
    public func slice(from starts: [Int], to limits: [Int], by strides: [Int]? = nil) -> Tensor {
        apply(.slice(starts: starts, limits: limits, strides: strides ?? starts.map { _ in 1 }))
    }

    /// Elements `range` of one axis.
    public func slice(_ range: Range<Int>, axis place: Int) -> Tensor {
        guard let place = axis(place, "slice") else { return nothing() }
        var starts = shape.dimensions.map { _ in 0 }
        var limits = shape.dimensions
        starts[place] = range.lowerBound
        limits[place] = range.upperBound
        return slice(from: starts, to: limits)
    }

    /// `low` elements before and `high` behind each axis, all equal to `value`.
    public func padded(low: [Int], high: [Int], value: Double = 0) -> Tensor {
        apply(.pad(low: low, high: high, interior: low.map { _ in 0 }), [like(value)])
    }

    /// 1 where the new last axis counts to the element, else 0 (`tf.one_hot`); elements are integers. There may be more
    /// classes than their type holds.
    public func oneHot(depth: Int, dtype: DType = .float32) -> Tensor {
        let labels = self.dtype.isInteger && depth > self.dtype.bounds.most ? cast(to: .int64) : self
        let classes = builder.iota(shape: Shape(shape.dimensions + [depth]), axis: rank, dtype: labels.dtype)
        return (labels.expandDimensions(at: rank) .== classes).cast(to: dtype)
    }

    /// A tensor of the same type that gradients don't pass (`tf.stop_gradient`).
    public func stopGradient() -> Tensor {
        let stopped = apply(.reshape(shape))
        if let id = stopped.id { builder.gradientStops.insert(id) }
        return stopped
    }

    /// The sum over all cores, on each of them (`tf.tpu.cross_replica_sum`).
    public func crossReplicaSum() -> Tensor { apply(.crossReplicaSum) }

    /// The sum over the cores of this core's group, on each of them (`tf.tpu.cross_replica_sum` with `group_assignment`).
    /// The groups name every core once and are of one size; else the builder has the error `invalidArgument`.
    public func crossReplicaSum(groups: [[Int]]) -> Tensor {
        do throws(GraphError) {
            return apply(.crossReplicaGroupSum(try ReplicaGroups(groups)))
        } catch {
            return builder.fail(error.at(op: "crossReplicaGroupSum", node: ""), type)
        }
    }
}

extension GraphBuilder {
    /// Tensors one behind the other along an axis (`tf.concat`); at least one.
    public func concatenate(_ tensors: [Tensor], axis: Int) -> Tensor {
        guard let first = tensors.first else {
            return fail(
                GraphError(.wrongOperandCount, "takes at least one operand", op: "concatenate"), .scalar(.float32))
        }
        guard let axis = first.axis(axis, "concatenate") else { return first.nothing() }
        return add(.concatenate(axis: axis), tensors)
    }

    /// Tensors of one shape along a new axis (`tf.stack`); at least one.
    public func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        guard let first = tensors.first else {
            return fail(GraphError(.wrongOperandCount, "takes at least one operand", op: "stack"), .scalar(.float32))
        }
        guard let axis = first.axis(axis, "stack", rank: first.rank + 1) else { return first.nothing() }
        return concatenate(tensors.map { $0.expandDimensions(at: axis) }, axis: axis)
    }
}
