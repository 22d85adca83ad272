import Datasets
import Formats
import Glibc
import Testing

@Suite struct DatasetErrorTests {
    @Test func aFaultIsBelowTheMemberThatHoldsTheInput() {
        let error = DatasetError(.mismatch, JSONPointer(tokens: ["map", "0"]), "does not fit")
        let base = JSONPointer(tokens: ["train", "input"])
        #expect(
            error.fault(at: base) == SpecError(JSONPointer(tokens: ["train", "input", "map", "0"]), "does not fit"))
        #expect(error.faults(at: base).count == 1)
        #expect(error.description == "does not fit")
        #expect(error.systemError == nil)
    }

    /// What several parts throw comes out together, however they were put together on the way.
    @Test func errorsOfErrorsAreAllTold() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b,label\n1,2,0\n3,4,1\n")
        let pipeline = InputPipeline(
            source: .csv(.init(path: "a.csv", label: "label")),
            map: [.normalize(mean: [1, 2, 3], std: [1, 2, 3]), .oneHot(1), .oneHot(3)])
        let error = #expect(throws: DatasetError.self) { try pipeline.check(DataRoots([folder.path])) }
        #expect(
            error?.faults(at: .root).map { "\($0.pointer)" } == [
                "/map/0/normalize/mean", "/map/0/normalize/std", "/map/2/one_hot", "/map/1/one_hot",
            ])
    }

    /// A name that is longer than the file system takes, beside a file that is not there.
    @Test func theSystemsNumbersAreOfAllErrors() throws {
        let folder = try TemporaryFolder()
        let partial = PartialSource.idx(features: "none", labels: String(repeating: "x", count: 300))
        let error = #expect(throws: DatasetError.self) { try partial.check(DataRoots([folder.path])) }
        #expect(error?.systemError == nil)
        #expect(error?.systemErrors == [ENAMETOOLONG])
    }
}
