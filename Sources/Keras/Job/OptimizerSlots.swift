import Datasets
import Estimator
import Formats
import Graph
import OrderedCollections

/// What the optimizer of another job kept, in a checkpoint that a job goes on from.
struct OptimizerSlots: Sendable {
    private let path: String
    private let file: SafetensorsFile

    /// Reads what there is, not the numbers.
    ///
    /// - Throws: `DatasetError` where the file can't be read.
    init(_ path: String, _ jobs: JobCheckpoints, for pointer: JSONPointer) throws(DatasetError) {
        self.path = path
        let open = try jobs.roots.open(path, for: pointer)
        do {
            file = try SafetensorsFile(open)
        } catch {
            throw DatasetError(error, of: path, pointer)
        }
    }

    /// All of it by name.
    ///
    /// - Throws: `DatasetError` where it can't be read.
    func values(for pointer: JSONPointer) throws(DatasetError) -> OrderedDictionary<String, NDArray> {
        do {
            return try file.all().tensors
        } catch {
            throw DatasetError(error, of: path, pointer)
        }
    }

    /// Why the optimizer of a program can't go on with it, in words; nil where it can: what another optimizer kept is of no
    /// use, and what is kept must not be forgotten unseen.
    func mismatch(_ built: BuiltProgram) -> String? {
        let wanted = built.slotVariables
        let held = file.header.entries
        let missing = wanted.map(\.name).filter { held[$0] == nil }
        let names = Set(wanted.map(\.name))
        let unknown = held.keys.filter { !names.contains($0) }
        if !missing.isEmpty || !unknown.isEmpty {
            let words = [
                missing.isEmpty ? nil : "lacks \(missing.quotedForMessage(most: 5))",
                unknown.isEmpty
                    ? nil : "holds \(unknown.quotedForMessage(most: 5)), which this job's optimizer does not keep",
            ]
            return
                "\(path) is of another optimizer: it \(words.compactMap(\.self).joined(separator: " and ")); give the "
                + "optimizer that the job trained with, or take its variables alone, with warm_start_from"
        }
        for variable in wanted {
            guard let entry = held[variable.name],
                entry.type.rawValue != variable.type.dtype.rawValue || entry.shape != variable.type.shape.dimensions
            else { continue }
            return
                "\(path) holds \(variable.name.quotedForMessage) as \(entry.type) \(entry.shape), but the optimizer has it "
                + "as \(variable.type.dtype.rawValue) \(variable.type.shape.dimensions)"
        }
        return nil
    }
}
