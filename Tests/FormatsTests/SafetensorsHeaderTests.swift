import Formats
import OrderedCollections
import Testing

@Suite struct SafetensorsHeaderTests {
    /// The header of a file with so many bytes of data.
    private func header(_ json: String, data: Int = 0) throws(FormatError) -> SafetensorsHeader {
        try SafetensorsHeader(json: Array(json.utf8), fileSize: 8 + json.utf8.count + data)
    }

    /// A tensor's member, as `"a":{…}`.
    private static func tensor(
        _ name: String = "a", type: String = #""F32""#, shape: String = "[1]", offsets: String = "[0,4]",
        more: String = ""
    ) -> String {
        #""\#(name)":{"dtype":\#(type),"shape":\#(shape),"data_offsets":\#(offsets)\#(more)}"#
    }

    @Test func tellsWhatThereIs() throws {
        let json =
            "{" + Self.tensor("b", shape: "[2,3]", offsets: "[8,32]") + #","__metadata__":{"z":"1","a":""},"#
            + Self.tensor("a", type: #""I64""#, shape: "[]", offsets: "[0,8]") + ","
            + Self.tensor("none", type: #""U8""#, shape: "[0,5]", offsets: "[8,8]") + "}  "
        let header = try header(json, data: 32)
        #expect(header.names == ["b", "a", "none"])
        #expect(header.entry(named: "b")?.type == .float32 && header.entry(named: "b")?.shape == [2, 3])
        #expect(header.entry(named: "b")?.range == 8..<32)
        #expect(header.entry(named: "a")?.type == .int64 && header.entry(named: "a")?.shape == [])
        #expect(header.entry(named: "none")?.range == 8..<8)
        #expect(header.entry(named: "__metadata__") == nil)
        #expect(header.metadata == ["z": "1", "a": ""] && Array(header.metadata.keys) == ["z", "a"])
        #expect(header.dataOffset == 8 + json.utf8.count)
    }

    @Test func namesAreToldUpToTwenty() throws {
        #expect(try header("{}").namesInWords == "no tensor")
        func words(_ count: Int) throws -> String {
            let tensors = (1...count).map { Self.tensor("t\($0)", shape: "[0]", offsets: "[0,0]") }
            return try header("{\(tensors.joined(separator: ","))}").namesInWords
        }
        let twenty = (1...20).map { "\"t\($0)\"" }.joined(separator: ", ")
        #expect(try words(1) == "\"t1\"")
        #expect(try words(20) == twenty)
        #expect(try words(21) == twenty + " and 1 more")
        #expect(try words(300) == twenty + " and 280 more")
    }

    @Test func everyTypeHasItsName() {
        for type in ElementType.allCases { #expect(ElementType(safetensors: type.safetensorsName) == type) }
        #expect(Set(ElementType.allCases.map(\.safetensorsName)).count == ElementType.allCases.count)
        for name in ["F8_E4M3", "f32", "float32", ""] { #expect(ElementType(safetensors: name) == nil) }
    }

    static let faulty: [(json: String, data: Int, code: FormatError.Code, detail: String)] = [
        ("", 0, .malformed, "The safetensors header does not begin with \"{\""),
        ("[]", 0, .malformed, "The safetensors header does not begin with \"{\""),
        (" {}", 0, .malformed, "The safetensors header does not begin with \"{\""),
        (
            "{\(tensor()),\(tensor(offsets: "[4,8]"))}", 8, .malformed,
            "The safetensors header is not valid JSON: The name \"a\" appears twice in one object at line 1, column 55"
        ),
        (
            #"{"__metadata__":[]}"#, 0, .malformed, "The safetensors field __metadata__ is not an object"
        ),
        (#"{"__metadata__":{"k":1}}"#, 0, .malformed, "The safetensors metadata \"k\" is not a string"),
        (#"{"__metadata__":{"k":null}}"#, 0, .malformed, "The safetensors metadata \"k\" is not a string"),
        (
            "{\(tensor(type: #""F4""#))}", 4, .unsupported,
            "The tensor \"a\" has the dtype \"F4\", which is not supported"
        ),
        ("{\(tensor(shape: "[-1]"))}", 4, .malformed, "The tensor \"a\" has a shape with -1 in it"),
        ("{\(tensor(shape: "[1.0]"))}", 4, .malformed, "The tensor \"a\" has a shape with 1.0 in it"),
        ("{\(tensor(shape: "[1e0]"))}", 4, .malformed, "The tensor \"a\" has a shape with 1e0 in it"),
        ("{\(tensor(shape: #"["1"]"#))}", 4, .malformed, "The tensor \"a\" has a shape with \"1\" in it"),
        (
            "{\(tensor(shape: "[9223372036854775808]"))}", 4, .malformed,
            "The tensor \"a\" has a shape with 9223372036854775808 in it"
        ),
        ("{\(tensor(offsets: "[4,0]"))}", 4, .malformed, "The tensor \"a\" has data_offsets that are not a range"),
        ("{\(tensor(offsets: "[-4,0]"))}", 4, .malformed, "The tensor \"a\" has data_offsets that are not a range"),
        ("{\(tensor(offsets: "[0,4.0]"))}", 4, .malformed, "The tensor \"a\" has data_offsets that are not a range"),
        (
            "{\(tensor(offsets: "[0,18446744073709551616]"))}", 4, .malformed,
            "The tensor \"a\" has data_offsets that are not a range"
        ),
        (
            "{\(tensor(shape: "[4611686018427387904,4]", offsets: "[0,0]"))}", 0, .malformed,
            "The tensor \"a\" has a shape whose size overflows"
        ),
        (
            "{\(tensor(shape: "[0,4611686018427387904]", offsets: "[0,0]"))}", 0, .malformed,
            "The tensor \"a\" has a shape whose size overflows"
        ),
        (
            "{\(tensor(shape: "[2,1]"))}", 4, .malformed, "The tensor \"a\" has 4 bytes, but float32 [2, 1] takes 8"
        ),
        (
            "{\(tensor()),\(tensor("b"))}", 4, .malformed, "The tensor \"b\" overlaps the one before it in the file"
        ),
        (
            "{\(tensor()),\(tensor("b", offsets: "[3,7]"))}", 7, .malformed,
            "The tensor \"b\" overlaps the one before it in the file"
        ),
        (
            "{\(tensor()),\(tensor("b", shape: "[0]", offsets: "[2,2]"))}", 4, .malformed,
            "The tensor \"b\" overlaps the one before it in the file"
        ),
        (
            "{\(tensor("b", offsets: "[8,12]")),\(tensor())}", 12, .malformed,
            "The tensor \"b\" leaves a hole before it in the file"
        ),
        (
            "{\(tensor(offsets: "[4,8]"))}", 8, .malformed, "The tensor \"a\" leaves a hole before it in the file"
        ),
        ("{\(tensor())}", 3, .truncated, "The tensors take 4 bytes, but the file has 3 of them"),
        ("{\(tensor())}", 5, .malformed, "1 bytes follow after the last tensor"),
        ("{}", 1, .malformed, "1 bytes follow after the last tensor"),
    ]

    @Test(arguments: faulty) func refuses(json: String, data: Int, code: FormatError.Code, detail: String) {
        let error = #expect(throws: FormatError.self) { try header(json, data: data) }
        #expect(error == FormatError(code, detail))
    }

    /// A tensor has three members and no others.
    @Test(
        arguments: [
            #"{"a":1}"#, #"{"a":{}}"#, #"{"a":{"dtype":"F32","shape":[1]}}"#,
            "{\(tensor(more: #","x":1"#))}", "{\(tensor(type: "32"))}", "{\(tensor(shape: "1"))}",
            "{\(tensor(offsets: "4"))}", "{\(tensor(offsets: "[0]"))}", "{\(tensor(offsets: "[0,4,8]"))}",
            #"{"a":{"dtype":"F32","shape":[1],"offsets":[0,4]}}"#,
        ]) func aTensorHasThreeMembers(json: String)
    {
        let error = #expect(throws: FormatError.self) { try header(json, data: 4) }
        #expect(
            error == FormatError(.malformed, "The tensor \"a\" does not have exactly dtype, shape and two data_offsets")
        )
    }

    @Test func textIsNotJSON() {
        for (json, words) in [("{", "is not valid JSON: "), (#"{"a":[[[1]]]}"#, "is not valid JSON: ")] {
            let error = #expect(throws: FormatError.self) { try header(json) }
            #expect(error?.code == .malformed && error?.detail.hasPrefix("The safetensors header \(words)") == true)
        }
    }

    @Test func theLengthIsHeldAgainstTheFile() throws {
        func length(_ value: UInt64, fileSize: Int) throws(FormatError) -> Int {
            try SafetensorsHeader.length(
                withUnsafeBytes(of: value.littleEndian) { Array($0) } + [0x7B], fileSize: fileSize)
        }
        #expect(try length(2, fileSize: 10) == 2)
        #expect(try length(0, fileSize: 8) == 0)
        #expect(try length(100_000_000, fileSize: 200_000_000) == 100_000_000)
        let large = FormatError(
            .tooLarge,
            "is not a safetensors file, or its header is longer than 100000000 bytes: its first 8 bytes say so")
        #expect(throws: large) { try length(100_000_001, fileSize: 200_000_000) }
        #expect(throws: large) { try length(.max, fileSize: 200_000_000) }
        #expect(throws: FormatError(.truncated, "The safetensors header has 3 bytes, but only 2 follow")) {
            try length(3, fileSize: 10)
        }
        #expect(throws: FormatError(.truncated, "A safetensors file has at least 8 bytes, not 7")) {
            try SafetensorsHeader.length([UInt8](repeating: 0, count: 7), fileSize: 7)
        }
        let text = FormatError(.malformed, "is text, not a safetensors file, which begins with its header's length")
        for start in ["a,b,label", "{\"a\": 1}", "\t\r\n  1 2 3"] {
            #expect(throws: text) { try SafetensorsHeader.length(Array(start.utf8), fileSize: 100) }
        }
        #expect(throws: large) { try SafetensorsHeader.length(Array("a,b\u{7F},c,d".utf8), fileSize: 100) }
    }
}
