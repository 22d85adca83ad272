import FoundationEssentials
import TestSupport
import Testing

/// What the library `Estimator` shows to its users is a decision: whoever makes a declaration public writes it into the
/// list, too.
@Suite struct PublicSurfaceTests {
    @Test(arguments: ["Estimator", "EstimatorProgram", "Graph"]) func listedAndNoMore(module: String) throws {
        let list =
            switch module {
            case "Graph": PublicSurface.graph
            case "EstimatorProgram": PublicSurface.program
            default: PublicSurface.estimator
            }
        let listed = list.split(separator: "\n").map(String.init)
        let found = try Self.declarations(in: "Sources/\(module)")
        let difference = found.difference(from: listed).map { change in
            switch change {
            case .insert(_, let name, _): "public and not listed: \(name)"
            case .remove(_, let name, _): "listed and not public: \(name)"
            }
        }
        #expect(difference == [])
        #expect(listed == listed.sorted(), "the list is sorted")
    }

    /// The other modules below the library show nothing.
    @Test(arguments: ["Executor", "Formats", "Datasets", "Keras", "Worker"])
    func nothing(module: String) throws {
        #expect(try Self.declarations(in: "Sources/\(module)").isEmpty)
    }

    /// The size of the surface: types of the estimator that a user can name. Both forms of model and input functions with what
    /// they are called with and return are some fifteen of them, host calls three.
    @Test func aboutEightyTypes() {
        let names = PublicSurface.estimator.split(separator: "\n").map { $0.split(separator: ".", maxSplits: 1)[0] }
        #expect(Set(names).count <= 80)
    }

    // MARK: The reader

    @Test(arguments: [
        ("public struct A {\n    public var b: Int\n    package var c = 1\n    var d = 2\n}", ["A", "A.b"]),
        ("public final class A {\n}\nextension B {\n    public func c() {}\n}", ["A", "B.c()"]),
        ("extension A where B: C {\n    public static let d = 1\n}", ["A.d"]),
        ("public enum A {\n    case b\n    public indirect enum C {}\n}", ["A", "A.C"]),
        ("public protocol A {\n    func b()\n}", ["A"]),
        ("enum A {\n    public private(set) var b = 1\n    @TaskLocal public static var c = 2\n}", ["A.b", "A.c"]),
        ("struct A {\n    public init(\n        _ b: [Int: Int] = [1: 2], c d: (Int, Int)\n    )\n}", ["A.init(_:c:)"]),
        ("struct A {\n    public subscript(b: Int) -> Int { b }\n}", ["A.subscript(b:)"]),
        ("extension A {\n    public static func .< (a: A, b: A) -> A { a }\n}", ["A..<(a:b:)"]),
        ("extension A {\n    public static prefix func - (a: A) -> A { a }\n}", ["A.-(a:)"]),
        ("public func a<B: C>(_ b: @escaping (B) -> Void, c: Int) {}", ["a(_:c:)"]),
        ("@discardableResult\npublic func a() -> Int { 1 }", ["a()"]),
        ("public import A\n// public struct B\n/// public struct C\npublic typealias D = Int", ["D"]),
    ])
    func reader(text: String, declarations: [String]) {
        #expect(PublicSurface(parsing: text).declarations == declarations)
    }

    private static func declarations(in folder: String) throws -> [String] {
        let root = ProjectFiles.root.appending(path: folder).path
        var found: [String] = []
        for path in try FileManager.default.subpathsOfDirectory(atPath: root) where path.hasSuffix(".swift") {
            let text = try #require(FileManager.default.contents(atPath: "\(root)/\(path)"))
            found += PublicSurface(parsing: String(decoding: text, as: UTF8.self)).declarations
        }
        return found.sorted()
    }
}
