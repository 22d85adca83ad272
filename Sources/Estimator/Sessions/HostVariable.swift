/// A scalar integer variable that lives beside the model's: not trainable, zero at first
/// (TensorFlow: the global step, `iterations_per_loop`, the evaluation step).
public struct HostVariable: Sendable, Hashable {
    /// The type of a host variable's value.
    package enum ElementType: String, Sendable, Hashable {
        /// 32-bit signed integer.
        case int32
        /// 64-bit signed integer.
        case int64
    }

    /// The full name, scopes joined by `/`.
    package let name: String

    /// The type. Values are handed around as `Int64` and never leave the type's range.
    package let elementType: ElementType

    /// The shape: a scalar.
    package var shape: [Int] { [] }

    /// The value that initialisers and fresh trainings start from: zero.
    package var initialValue: Int64 { 0 }

    /// Whether an optimizer may change it: never.
    package var isTrainable: Bool { false }

    /// A variable of that name and type.
    package init(name: String, elementType: ElementType) {
        self.name = name
        self.elementType = elementType
    }

    /// How many steps the model has been trained (`tf.train.get_global_step`).
    public static let globalStep = HostVariable(name: "global_step", elementType: .int64)

    /// How many steps the device runs before it comes back (`_create_or_get_iterations_per_loop`). It is neither saved
    /// nor initialised: hooks load it before it is read.
    package static let iterationsPerLoop = HostVariable(
        name: "tpu_estimator/iterations_per_loop", elementType: .int32)

    /// How many steps of evaluation are done (`tf.contrib.training.get_or_create_eval_step`).
    package static let evalStep = HostVariable(name: "eval_step", elementType: .int64)
}
