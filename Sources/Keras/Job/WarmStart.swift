import Datasets
import Estimator
import Formats
import OrderedCollections

/// Variables that a job starts from: a safetensors file under the data roots.
enum WarmStart {
    /// Where the file's name stands in a job.
    static let pointer = JSONPointer(tokens: ["warm_start_from", "path"])

    /// The file's tensors.
    ///
    /// - Throws: `DatasetError` where it can't be read or is no safetensors file.
    static func read(_ path: String, roots: DataRoots) throws(DatasetError) -> StartingPoint {
        let file = try roots.open(path, for: pointer)
        do {
            return StartingPoint(variables: try SafetensorsFile(file).all().tensors)
        } catch {
            throw DatasetError(.invalidData, pointer, "\(path): \(error)")
        }
    }
}
