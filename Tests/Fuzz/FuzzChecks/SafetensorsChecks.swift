import Formats
import OrderedCollections

/// Safetensors files: what was read, written anew, is read as the same arrays, and then has the same bytes.
enum SafetensorsChecks {
    static func broken(by input: [UInt8]) -> String? {
        guard let file = try? Safetensors(parsing: input) else { return nil }
        let bytes = file.serialized()
        guard let again = try? Safetensors(parsing: bytes) else { return "what is written is not read" }
        guard again.tensors.count == file.tensors.count, again.metadata.count == file.metadata.count,
            file.tensors.allSatisfy({ again[$0.key] == $0.value }),
            file.metadata.allSatisfy({ again.metadata[$0.key] == $0.value })
        else { return "other arrays are read than were written" }
        return again.serialized() == bytes ? nil : "the bytes differ from those of the same arrays"
    }
}
