import FoundationEssentials
import TestSupport
import Testing

/// The digits data set: 8 × 8 pixels of 0 to 16, divided by 16.
struct Digits {
    let labels: [UInt8]
    private let images: [UInt8]

    var count: Int { labels.count }

    static func training() throws -> Digits { try Digits("train") }
    static func test() throws -> Digits { try Digits("test") }

    private init(_ name: String) throws {
        func read(_ file: String) throws -> [UInt8] {
            [UInt8](
                try Data(contentsOf: URL(filePath: "\(ProjectFiles.root.path)/docs/examples/data/digits/\(file)")))
        }
        images = Array(try read("\(name)-images-idx3-ubyte").dropFirst(16))
        labels = Array(try read("\(name)-labels-idx1-ubyte").dropFirst(8))
        try #require(!labels.isEmpty && images.count == 64 * labels.count)
    }

    /// One image, row-major.
    func pixels(of index: Int) -> [Float] { images[(index * 64)..<(index * 64 + 64)].map { Float($0) / 16 } }
}
