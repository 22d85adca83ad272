import CZip
package import Formats
import Glibc

/// A `.keras` file: a zip archive of `config.json` (the model), `model.weights.h5` and `metadata.json`.
package enum KerasArchive {
    static let weights = "model.weights.h5"
    static let configuration = "config.json"
    private static let metadata = "metadata.json"

    /// The largest JSON that is read, in bytes.
    package static let largestConfiguration = 64 << 20

    /// The model's JSON, as `model.to_json()` prints it; that of Keras 2 says so in `keras_version`.
    ///
    /// - Throws: what is not such a file, or is damaged.
    package static func model(of file: consuming OpenFile) throws(FormatError) -> JSON {
        try check(file, expected: "a .keras file")
        let archive = try ZipArchive(file)
        guard archive.has(configuration) else {
            throw FormatError(.unsupported, "is a zip archive without \(configuration): not a .keras file")
        }
        var model = try json(configuration, in: archive)
        guard model.object != nil else {
            throw FormatError(.malformed, "has a \(configuration) that is not an object but \(model.inWords)")
        }
        // The model's own JSON does not tell it here.
        if archive.has(metadata), let version = try json(metadata, in: archive)["keras_version"]?.string,
            version.hasPrefix("2."), model["keras_version"] == nil
        {
            model["keras_version"] = .string(version)
        }
        return model
    }

    private static func json(_ name: String, in archive: borrowing ZipArchive) throws(FormatError) -> JSON {
        let text = try archive.contents(name, limit: largestConfiguration)
        do {
            return try JSON(parsing: text, limits: JSONLimits(depth: 200))
        } catch {
            throw FormatError(.malformed, "has a \(name) that is not JSON: \(error)")
        }
    }

    /// Refuses what is something else by its first bytes.
    static func check(_ file: borrowing OpenFile, expected: String) throws(FormatError) {
        let kind = FileKind(try file.bytes(at: 0, count: FileKind.prefixSize))
        guard kind != .zip else { return }
        throw kind?.mismatch(expected: expected) ?? FormatError(.malformed, "is not \(expected)")
    }

    /// Writes a `.keras` file at a path; the same model and weights give the same bytes. A file that is there already is
    /// replaced once the new one is complete.
    ///
    /// - Parameters:
    ///   - model: the model's JSON, of Keras 3.
    ///   - arrays: the weights by their paths in the file (``SavedLayer``), as float32.
    package static func write(
        to path: String, model: JSON, arrays: [(path: String, array: NDArray)]
    ) throws(FormatError) {
        let image = try HDF5Image.bytes(arrays)
        // Keras wants the file to be there and reads nothing of it to load a model.
        let about = Array(#"{"keras_version": "3.0.0", "date_saved": "1980-01-01@00:00:00"}"#.utf8)
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code) else {
            throw FormatError(.inputOutput, "can't be written: \(ZipArchive.words(code))")
        }
        let files = [(metadata, about), (configuration, model.serialized()), (weights, image)]
        // The library reads the bytes when it closes the archive: it owns copies of them until then.
        guard files.allSatisfy({ add($0.1, as: $0.0, to: archive) }), zip_close(archive) == 0 else {
            let words = String(cString: zip_strerror(archive))
            zip_discard(archive)
            throw FormatError(.inputOutput, "can't be written: \(words)")
        }
    }

    private static func add(_ bytes: [UInt8], as name: String, to archive: OpaquePointer) -> Bool {
        guard let copy = malloc(max(bytes.count, 1)) else { return false }
        bytes.withUnsafeBytes { if let base = $0.baseAddress { copy.copyMemory(from: base, byteCount: $0.count) } }
        guard let source = zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1) else {
            free(copy)
            return false
        }
        let place = zip_file_add(archive, name, source, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard place >= 0 else {
            zip_source_free(source)
            return false
        }
        // Keras stores without compression; the first day that a zip archive knows.
        return zip_set_file_compression(archive, zip_uint64_t(place), ZIP_CM_STORE, 0) == 0
            && zip_file_set_dostime(archive, zip_uint64_t(place), 0, 0x21, 0) == 0
    }
}
