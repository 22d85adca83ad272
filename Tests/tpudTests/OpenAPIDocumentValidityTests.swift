import Foundation
import TestSupport
import Testing
import Transfer

/// The OpenAPI document that the real binary serves, by the validator of the OpenAPI community; what the daemon takes by the
/// repository's own cases fits its schemas. `make openapi-test` sends requests to every route besides.
@Suite(.timeLimit(.minutes(2))) struct OpenAPIDocumentValidityTests {
    private static let script = ProjectFiles.root.appending(path: "Tests/OpenAPI/document.py").path

    private func validate(_ document: [UInt8]) throws -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "openapi-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(document).write(to: file)
        return try Binary.run("/usr/bin/env", ["python3", Self.script, file.path])
    }

    @Test func theDocumentIsValid() throws {
        let daemon = try DaemonProcess()
        let document = try daemon.send("GET", "/openapi.json").body
        let found = try validate(document)
        #expect(found.status == 0, "python3 needs what .ci/python-requirements.txt lists: \(found.output)")
        // A document that is wrong is found to be so.
        let wrong = String(decoding: document, as: UTF8.self).replacing("\"in\":\"path\"", with: "\"in\":\"pth\"")
        #expect(Array(wrong.utf8) != document)
        #expect(try validate(Array(wrong.utf8)).output.contains("is not valid"))
        #expect(daemon.terminate() == 0)
    }
}
