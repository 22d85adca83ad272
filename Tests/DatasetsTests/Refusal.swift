import Datasets
import Formats
import Testing

/// What is wrong with a source, each fault as `/pointer: words`: a look at it refuses what reading it would, in the same
/// words. Empty when nothing is wrong.
func refusal(_ source: SourceDefinition, in folder: TemporaryFolder, limits: SourceLimits = SourceLimits()) -> [String]
{
    func faults(_ attempt: () throws(DatasetError) -> Void) -> [String] {
        do {
            try attempt()
            return []
        } catch {
            return error.faults(at: .root).map(\.description)
        }
    }
    let roots = DataRoots([folder.path])
    let pipeline = InputPipeline(source: source)
    let checked = faults { () throws(DatasetError) in _ = try pipeline.check(roots, limits: limits) }
    let opened = faults { () throws(DatasetError) in _ = try pipeline.open(roots, limits: limits) }
    #expect(checked == opened)
    return checked
}
