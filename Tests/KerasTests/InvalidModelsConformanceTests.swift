import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// The models of `keras/invalid/`: each is refused where the list says, naming what it says.
@Suite(.enabled(if: ProjectFiles.hasCases("keras/invalid/expected.json"), "\(ProjectFiles.noCases)"))
struct InvalidModelsConformanceTests {
    private static let folder = ProjectFiles.conformance.appending(path: "keras/invalid")

    @Test func eachIsRefusedWhereItIsWrong() throws {
        let list = try JSON(parsing: [UInt8](Data(contentsOf: Self.folder.appending(path: "expected.json"))))
        let cases = try #require(list["cases"]?.array)
        #expect(cases.count > 10 || !ProjectFiles.hasOwnCases)
        for one in cases {
            let file = try #require(one["file"]?.string)
            guard let model = try? JSON(parsing: [UInt8](Data(contentsOf: Self.folder.appending(path: file)))) else {
                // What is no JSON is the whole request's fault.
                #expect(one["status"]?.array?.contains(400) == true, "\(file)")
                continue
            }
            let faults = SmallJob.with("model", model).faults
            let pointers = try #require(one["pointers"]?.array).compactMap(\.string)
            #expect(
                faults.contains { fault in pointers.contains { fault.hasPrefix("\($0): ") } }, "\(file): \(faults)")
            for name in try #require(one["detail_names"]?.array).compactMap(\.string) {
                #expect(faults.contains { $0.contains(name) }, "\(file) does not say \(name): \(faults)")
            }
        }
    }
}
