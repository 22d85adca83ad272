import Formats
import Graph

/// A row of a table for each whole number (Keras: `Embedding`): [time] becomes [time, `output_dim`]. The gradient of the table
/// is dense: what repeated numbers give is added up. Numbers outside the table give NaN.
struct EmbeddingLayer: UnaryLayer {
    static let className = "Embedding"
    let common: LayerHeader
    private let rows: Int
    private let width: Int
    private let widthPointer: JSONPointer
    private let embeddings: VariableSettings
    private let activityRegularizer: Regularizer?
    /// Whether the number 0 is padding, which later layers leave out.
    private let masksZero: Bool
    private let maskPointer: JSONPointer

    init?(_ common: LayerHeader, _ reader: ObjectReader) {
        self.common = common
        let rows = reader.int("input_dim", required: true, in: 1 ... .max)
        let width = reader.int("output_dim", required: true, in: 1 ... .max)
        widthPointer = reader.pointer(to: "output_dim")
        embeddings = VariableSettings(reader, "embeddings", default: .uniform(low: -0.05, high: 0.05))
        activityRegularizer = Regularizer(reader, "activity_regularizer")
        masksZero = reader.bool("mask_zero", default: false)
        maskPointer = reader.pointer(to: "mask_zero")
        reader.notSupported("lora_rank")
        reader.notSupported("quantization_config")
        reader.notSupported("sparse", unless: false)
        // The length follows from the input.
        reader.accept("lora_alpha", "input_length")
        guard let rows, let width else { return nil }
        self.rows = rows
        self.width = width
    }

    var masking: Masking { .makes }
    var takesIntegers: Bool { true }

    func plan(_ input: [Int]) throws(SpecError) -> LayerPlan {
        let (count, overflow) = rows.multipliedReportingOverflow(by: width)
        guard !overflow, count <= SpecLimit.elements else {
            throw SpecError(
                widthPointer,
                "output_dim \(width) for each of \(rows) numbers makes a table of more than \(SpecLimit.elements) numbers"
            )
        }
        guard !masksZero || input.count == 1 else {
            throw SpecError(
                maskPointer,
                "is not supported for rows of shape \(input): a mask is of rows [time]", code: SpecError.notSupported)
        }
        return LayerPlan(input + [width], variables: [embeddings.variable("embeddings", [rows, width])])
    }

    func call(_ x: Tensor, _ call: LayerCall) -> Tensor {
        // Keras casts all but these two.
        let indices = x.dtype == .int64 ? x : x.cast(to: .int32)
        let y = call["embeddings"].gather(indices)
        if let activityRegularizer { call.addActivityPenalty(y, activityRegularizer) }
        return y
    }

    func masks(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor?] { inputs.map { masksZero ? $0 .!= 0 : nil } }
}
