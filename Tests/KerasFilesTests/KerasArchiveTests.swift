import Formats
import Foundation
import KerasFiles
import OrderedCollections
import Testing

@Suite struct KerasArchiveTests {
    @Test func theModelIsWhatKerasPrints() throws {
        let model = try KerasArchive.model(of: OpenFile(path: KerasFixture.path("wide3.keras")))
        let wanted = try KerasFixture.model("wide", keras: 3)
        // But for the numbers of objects that are there twice, which printing alone leaves out.
        func names(_ model: JSON) -> [JSON?] { (model["config"]?["layers"]?.array ?? []).map { $0["name"] } }
        #expect(names(model).count == 11 && names(model) == names(wanted))
        #expect(model["keras_version"] == nil)
        let old = try KerasArchive.model(of: OpenFile(path: KerasFixture.path("wide2.keras")))
        #expect(old["keras_version"] == "2.15.0")
    }

    @Test func otherFilesAreTold() throws {
        #expect(throws: FormatError(.unsupported, "is an HDF5 file (as .h5 and .hdf5 files are), not a .keras file")) {
            try KerasArchive.model(of: OpenFile(path: KerasFixture.path("narrow3.h5")))
        }
        #expect(throws: FormatError(.malformed, "is not a .keras file")) {
            try KerasArchive.model(of: OpenFile(path: KerasFixture.path("keras3.json")))
        }
    }

    /// What is written has the arrays of Keras' own file at Keras' own places, bit for bit.
    @Test func whatIsWrittenIsWhatKerasWrites() throws {
        let kerasOwn = try WeightsFile(OpenFile(path: KerasFixture.path("wide3.keras")))
        let arrays = try kerasOwn.entries.keys.map { path in (path, try #require(try kerasOwn.floats(path))) }
        let model = try KerasFixture.model("wide", keras: 3)
        let (one, other) = (try TemporaryFile(), try TemporaryFile())
        for file in [one, other] {
            try KerasArchive.write(to: file.path, model: model, arrays: arrays)
        }
        #expect(try OpenFile(path: one.path).contents() == OpenFile(path: other.path).contents())
        #expect(try KerasArchive.model(of: OpenFile(path: one.path)) == model)
        let written = try WeightsFile(OpenFile(path: one.path))
        #expect(written.entries == kerasOwn.entries)
        for (path, array) in arrays { #expect(try written.floats(path) == array) }
    }

    @Test func whatCannotBeWrittenIsTold() throws {
        let number = NDArray([1] as [Float])
        let nowhere = #expect(throws: FormatError.self) {
            try KerasArchive.write(to: "/nonexistent/model.keras", model: [:], arrays: [("a", number)])
        }
        #expect(nowhere?.detail.hasPrefix("can't be written: ") == true)
        let file = try TemporaryFile()
        let twice = #expect(throws: FormatError.self) {
            try KerasArchive.write(to: file.path, model: [:], arrays: [("a", number), ("a/b", number)])
        }
        #expect(twice?.detail == "can't be written: the HDF5 library does not take a/b")
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }
}
