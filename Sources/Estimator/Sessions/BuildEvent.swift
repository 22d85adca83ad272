/// What is done when an estimator builds, before there is a session: the input pipeline, the device's computation and what the
/// host makes of its results. TensorFlow adds operations to its graph at these places.
package enum BuildEvent: Sendable, Hashable {
    /// A core's tuple is to be taken from the outfeed.
    case outfeedDequeue(device: String, count: Int)
    /// The cores' tensors of these names are to be joined along an axis on a device.
    case concatenation(name: String, axis: Int, device: String, inputs: [String])
    /// The metric function is called.
    case metricFunction(MetricArguments)
}
