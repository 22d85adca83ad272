import Formats
import FoundationEssentials
import TestSupport
import Testing

/// One suite of numeric references: `numeric/<name>.json` and its arrays.
struct NumericSuite {
    let cases: [NumericCase]

    /// Reads a suite; it must hold the cases that it announces.
    init(_ name: String) throws {
        let folder = ProjectFiles.conformance.appending(path: "numeric/\(name)").path
        let json = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: folder + ".json"))))
        // A suite of numbers alone has no file of arrays.
        let tensors = json["tensors"] == nil ? nil : try Safetensors(path: folder + ".safetensors")
        cases = try #require(json["cases"]?.array).map { try NumericCase($0, tensors) }
        try #require(cases.count == json["case_count"]?.int)
        if cases.isEmpty { print("conformance \(name): \(ProjectFiles.noCases)") }
        try #require(!cases.isEmpty || !ProjectFiles.hasOwnCases)
    }

    /// The cases that a predicate takes; of the project's own at least one. What is left out is printed with the reason.
    func cases(where predicate: (NumericCase) -> Bool, otherwise reason: String) throws -> [NumericCase] {
        let taken = cases.filter(predicate)
        let left = cases.filter { !predicate($0) }.map(\.id)
        try #require(!taken.isEmpty || !ProjectFiles.hasOwnCases)
        print(
            "conformance: \(taken.count) cases run, \(left.count) left out (\(reason)): \(left.joined(separator: " "))")
        return taken
    }
}

/// A case of a numeric suite: its JSON and the arrays that it names.
struct NumericCase {
    let id: String
    let json: JSON
    private let tensors: Safetensors?

    init(_ json: JSON, _ tensors: Safetensors?) throws {
        self.json = json
        self.tensors = tensors
        id = try #require(json["id"]?.string)
    }

    func string(_ member: String) throws -> String { try #require(json[member]?.string, "\(id) has no \(member)") }
    func int(_ member: String) throws -> Int { try #require(json[member]?.int, "\(id) has no \(member)") }

    /// The array of a member that is one entry.
    func array(_ entry: JSON?) throws -> NDArray {
        let name = try #require(entry?["tensor"]?.string, "\(id): an entry without tensor")
        return try #require(tensors?[name], "\(id): no tensor \(name)")
    }

    /// The arrays of a member that is a list of entries, by name and in order.
    func arrays(_ member: String) throws -> [(name: String, array: NDArray)] {
        try #require(json[member]?.array, "\(id) has no \(member)").map {
            (try #require($0["name"]?.string), try array($0))
        }
    }

    /// A tolerance of the case; without a kind the only one.
    func tolerance(_ kind: String? = nil) throws -> Tolerance {
        let all = try #require(json["tolerance"])
        let own = kind.map { all[$0] } ?? all
        return Tolerance(
            relative: try #require(own?["rtol"]?.double, "\(id)"), absolute: try #require(own?["atol"]?.double, "\(id)")
        )
    }
}

/// How far a number may be from its reference: |v − r| ≤ atol + rtol · |r|.
struct Tolerance {
    let relative: Double
    let absolute: Double

    /// Whether all numbers agree.
    func holds(_ values: [Float], _ reference: [Float]) -> Bool {
        values.count == reference.count && zip(values, reference).allSatisfy(holds)
    }

    /// False for NaN.
    private func holds(_ value: Float, _ reference: Float) -> Bool {
        abs(Double(value) - Double(reference)) <= absolute + relative * abs(Double(reference))
    }

    /// Records an issue unless all numbers agree.
    func check(
        _ values: [Float], _ reference: [Float], _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        guard values.count == reference.count else {
            Issue.record("\(what): \(values.count) numbers for \(reference.count)", sourceLocation: sourceLocation)
            return
        }
        for (place, (value, expected)) in zip(values, reference).enumerated() {
            if !holds(value, expected) {
                Issue.record(
                    "\(what)[\(place)]: \(value), the reference has \(expected)", sourceLocation: sourceLocation)
                return
            }
        }
    }
}

extension NDArray {
    /// The elements as floats.
    var floats: [Float] { get throws { try elements(as: Float.self) } }

    /// The part at one place of the first axis.
    func row(_ index: Int) throws -> NDArray {
        let rest = Array(shape.dropFirst())
        let size = bytes.count / shape[0]
        return try NDArray(type: type, shape: rest, bytes: Array(bytes[(index * size)..<((index + 1) * size)]))
    }
}
