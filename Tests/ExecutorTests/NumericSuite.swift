import FoundationEssentials
import Formats
import TestSupport
import Testing

/// One suite of numeric references: `numeric/<name>.json` and `.safetensors`.
struct NumericSuite {
    let cases: [NumericCase]
    private let tensors: Safetensors

    init(name: String) throws {
        let root = ProjectFiles.conformance.path
        let json = try JSON(parsing: [UInt8](Data(contentsOf: URL(filePath: "\(root)/numeric/\(name).json"))))
        tensors = try Safetensors(path: "\(root)/numeric/\(name).safetensors")
        let entries = try #require(json["cases"]?.array)
        cases = try entries.map(NumericCase.init)
        try #require(cases.count == json["case_count"]?.int)
        try #require(!cases.isEmpty || !ProjectFiles.hasOwnCases)
    }

    func tensor(_ name: String) throws -> NDArray { try #require(tensors[name], "\(name)") }
}

/// A case of the suite of single operations.
struct NumericCase {
    struct Array {
        let name: String
        let tensor: String
        let upstream: String?

        init(_ json: JSON) throws {
            name = try #require(json["name"]?.string)
            tensor = try #require(json["tensor"]?.string)
            upstream = json["upstream"]?.string
        }
    }

    let id: String
    let op: String
    let attributes: JSON
    let inputs: [Array]
    let outputs: [Array]
    let gradients: [Array]
    let relative: Double
    let absolute: Double

    init(_ json: JSON) throws {
        id = try #require(json["id"]?.string)
        op = try #require(json["op"]?.string)
        attributes = try #require(json["attrs"])
        inputs = try #require(json["inputs"]?.array).map(Array.init)
        outputs = try #require(json["outputs"]?.array).map(Array.init)
        gradients = try (json["gradients"]?.array ?? []).map(Array.init)
        relative = try #require(json["tolerance"]?["rtol"]?.double)
        absolute = try #require(json["tolerance"]?["atol"]?.double)
        try #require(!outputs.isEmpty)
    }
}
