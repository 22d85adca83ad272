import Formats
import FoundationEssentials
import TestSupport
import Testing

/// The rows of a case of the suite `training`.
struct TrainingData {
    private let order: ArrayInput.Order
    private let trained: (features: NDArray, labels: NDArray)
    private let tested: (features: NDArray, labels: NDArray)

    init(_ numeric: NumericCase) throws {
        order = try #require(ArrayInput.Order(rawValue: try numeric.string("order")))
        switch try numeric.string("data") {
        case "digits": (trained, tested) = (try Self.digits(.training()), try Self.digits(.test()))
        case "iris":
            let rows = try Self.rows(ProjectFiles.root.appending(path: "docs/examples/data/iris/iris.csv"))
            (trained, tested) = (Self.classes(rows.prefix(120)), Self.classes(rows.dropFirst(120)))
        case "diabetes":
            let rows = try Self.rows(ProjectFiles.ownCases.appending(path: "data/diabetes/diabetes.csv"))
            (trained, tested) = (Self.numbers(rows.prefix(353)), Self.numbers(rows.dropFirst(353)))
        case let other: throw TestFailure("no data are called \(other)")
        }
    }

    func training() -> ArrayInput { ArrayInput(trained.features, labels: trained.labels, order: order) }

    /// All rows once with their labels, or the first few without.
    func test(first rows: Int? = nil) throws -> ArrayInput {
        guard let rows else { return ArrayInput(tested.features, labels: tested.labels, repeats: 1) }
        let width = tested.features.bytes.count / tested.features.shape[0]
        let some = try NDArray(
            type: tested.features.type, shape: [rows] + tested.features.shape.dropFirst(),
            bytes: Array(tested.features.bytes.prefix(rows * width)))
        return ArrayInput(some, repeats: 1)
    }

    private static func digits(_ digits: Digits) throws -> (features: NDArray, labels: NDArray) {
        (
            NDArray((0..<digits.count).flatMap { digits.pixels(of: $0) }, shape: [digits.count, 8, 8]),
            NDArray(digits.labels.map { Int32($0) })
        )
    }

    /// The numbers of a file's lines but the first.
    private static func rows(_ file: URL) throws -> [[Double]] {
        try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
            .map { $0.split(separator: ",").compactMap { Double($0) } }
    }

    private static func features(_ rows: ArraySlice<[Double]>) -> NDArray {
        NDArray(
            rows.flatMap { $0.dropLast().map { Float($0) } }, shape: [rows.count, (rows.first?.count ?? 1) - 1])
    }

    private static func classes(_ rows: ArraySlice<[Double]>) -> (features: NDArray, labels: NDArray) {
        (features(rows), NDArray(rows.map { Int32($0.last ?? -1) }))
    }

    private static func numbers(_ rows: ArraySlice<[Double]>) -> (features: NDArray, labels: NDArray) {
        (features(rows), NDArray(rows.map { Float($0.last ?? .nan) }))
    }
}
