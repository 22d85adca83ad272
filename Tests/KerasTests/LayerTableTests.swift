import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// The table of layers against what the pages and the readers say.
@Suite struct LayerTableTests {
    private static let classes = LayerTable.rows.keys.sorted()

    @Test func eachIsInTheReference() throws {
        let page = try String(contentsOf: ProjectFiles.root.appending(path: "docs/job.md"), encoding: .utf8)
        for name in Self.classes where !page.contains("`\(name)`") { Issue.record("docs/job.md lacks \(name)") }
    }

    @Test(arguments: classes)
    func eachReadsItsOwnClass(_ className: String) {
        let faults = LayerTrial.faults(className, ["nonsense": 1])
        // A field that is required may be told beside it.
        let isTold = faults.contains { $0.hasPrefix("/nonsense: is not a known field") }
        #expect(isTold || faults.contains { $0.hasSuffix(": is required") }, "\(faults)")
    }

    @Test(arguments: [
        ("Conv2D", "Convolution2D"), ("Conv2DTranspose", "Convolution2DTranspose"), ("MaxPooling2D", "MaxPool2D"),
        ("SeparableConv2D", "SeparableConvolution2D"), ("GlobalAveragePooling2D", "GlobalAvgPool2D"),
    ])
    func layersHaveTwoNames(_ name: String, _ other: String) throws {
        let config: JSON = name.contains("Conv") ? ["filters": 2, "kernel_size": 3] : [:]
        let (one, two) = (try LayerTrial(name, config), try LayerTrial(other, config))
        #expect(try one.shape([6, 6, 2]) == two.shape([6, 6, 2]))
        #expect(try one.variables([6, 6, 2]) == two.variables([6, 6, 2]))
    }
}
