/// A run found the input at its end, or a stop was asked for before its step (TensorFlow: `tf.errors.OutOfRangeError`). Hooks hear
/// nothing more of that run, and their `end` is called all the same.
struct OutOfRange: Error {}
