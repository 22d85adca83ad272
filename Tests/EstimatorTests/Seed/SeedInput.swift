import Estimator
import Formats
import Graph
import Synchronization
import Testing

/// The input function of a case: its n-th call, from 0, returns tensors named `<name>@<n>`. Its batches are zeros, or what a
/// closure says.
final class SeedInput: Sendable {
    /// What a call found.
    struct Call: Sendable {
        let params: ModelParameters
        let hasConfig: Bool
    }

    private let made = Mutex<[Call]>([])
    private let features: Structure<String>
    private let labels: Structure<String>?
    private let dtypes: [String: String]
    private let shapes: [String: [Int?]]
    private let numbered: Bool
    private let batches: Int
    private let values: @Sendable (_ batch: Int) -> [Float]?

    /// - Parameters:
    ///   - numbered: whether the call's number is part of the tensors' names.
    ///   - batches: how many there are.
    ///   - values: the rows of a batch; nil: zeros.
    init(
        features: Structure<String> = .single("x"), labels: Structure<String>? = nil, dtypes: [String: String] = [:],
        shapes: [String: [Int?]] = [:], numbered: Bool = true, batches: Int = 1,
        values: @escaping @Sendable (_ batch: Int) -> [Float]? = { _ in nil }
    ) {
        self.features = features
        self.labels = labels
        self.dtypes = dtypes
        self.shapes = shapes
        self.numbered = numbered
        self.batches = batches
        self.values = values
    }

    /// The input of a case's members `features`, `labels`, `dtypes` and `shapes`.
    convenience init(_ json: JSON, batches: Int = 1) throws {
        self.init(
            features: try json["features"]?.structure ?? .single("x"), labels: try json.labels,
            dtypes: Dictionary(
                uniqueKeysWithValues: try (json["dtypes"]?.object ?? [:]).map {
                    ($0.key, try #require($0.value.string))
                }),
            shapes: Dictionary(
                uniqueKeysWithValues: try (json["shapes"]?.object ?? [:]).map {
                    ($0.key, try #require($0.value.array).map(\.int))
                }), batches: batches)
    }

    var calls: [Call] { made.withLock { $0 } }

    /// The function, with the parameters that it declares.
    func function(_ parameters: Set<InputParameter> = [.params, .config]) -> DeclaredInputFunction {
        DeclaredInputFunction(parameters, ownBatchSize: 4) { arguments in
            let number = self.made.withLock { calls in
                calls.append(Call(params: arguments.params, hasConfig: arguments.config != nil))
                return calls.count - 1
            }
            let rows = arguments.params.batchSize ?? 4
            let count = self.features.count + (self.labels?.count ?? 0)
            let batches = InputBatches(
                SeedBatches(rows: rows, left: self.batches, values: self.values),
                types: [TensorType](repeating: TensorType(.float32, [rows]), count: count))
            var element = 0
            func tensors(_ structure: Structure<String>) -> Structure<InputTensor> {
                structure.map { name in
                    defer { element += 1 }
                    return InputTensor(
                        signature: TensorSignature(
                            name: self.numbered ? "\(name)@\(number)" : name, dtype: self.dtypes[name] ?? "float32",
                            shape: self.shapes[name] ?? [nil]), batches: batches, element: element)
                }
            }
            let features = tensors(self.features)
            return InputResult(features: features, labels: self.labels.map(tensors))
        }
    }
}

// @unchecked: an iterator is used by one thread at a time.
private final class SeedBatches: InputIterator, @unchecked Sendable {
    private let rows: Int
    private let count: Int
    private let values: @Sendable (Int) -> [Float]?
    private var batch = 0

    init(rows: Int, left: Int, values: @escaping @Sendable (Int) -> [Float]?) {
        self.rows = rows
        count = left
        self.values = values
    }

    func next(into elements: [UnsafeMutableRawBufferPointer]) throws -> Int? {
        guard batch < count else { return nil }
        defer { batch += 1 }
        for element in elements {
            element.initializeMemory(as: UInt8.self, repeating: 0)
            if let values = values(batch) {
                element.copyBytes(from: values.flatMap { withUnsafeBytes(of: $0) { [UInt8]($0) } })
            }
        }
        return rows
    }
}
