import Formats
import OrderedCollections
import Testing

@Suite struct JSONParserTests {
    @Test func readsEveryKindOfValue() throws {
        let json = try JSON(
            parsing: #" {"a" : [1, -0, 2.50, 1e+2, true, false, null], "é\u00e9\uD83D\uDE00\n" : {"x":""} } "#)
        #expect(json["a"]?[2]?.number?.lexeme == "2.50")
        #expect(json["a"]?[3]?.int == 100)
        #expect(json["a"]?[1]?.int == 0)
        #expect(json["a"]?[4]?.bool == true)
        #expect(json["a"]?[6]?.isNull == true)
        #expect(json["éé😀\n"]?["x"]?.string == "")
        #expect(json["a"]?[7] == nil)
        #expect(json.object?.keys == ["a", "éé😀\n"])
    }

    static let refused: [(String, JSONError.Code)] = [
        ("", .empty), ("  ", .empty), ("012", .invalidNumber), ("-", .invalidNumber), ("-01", .invalidNumber),
        ("5.", .invalidNumber), (".5", .unexpectedCharacter), ("+1", .unexpectedCharacter), ("1e", .invalidNumber),
        ("1e+", .invalidNumber), ("0x10", .trailingBytes), ("NaN", .unexpectedCharacter), ("nan", .invalidLiteral),
        ("Infinity", .unexpectedCharacter), ("-Infinity", .invalidNumber), ("tru", .unexpectedEnd),
        ("[1,]", .unexpectedCharacter), ("[,1]", .unexpectedCharacter), ("[1 2]", .unexpectedCharacter),
        ("{\"a\":1,}", .unexpectedCharacter), ("{a:1}", .unexpectedCharacter), ("{\"a\" 1}", .unexpectedCharacter),
        ("{\"a\":1,\"a\":2}", .duplicateName), ("{\"a\":1,\"\\u0061\":2}", .duplicateName), ("[", .unexpectedEnd),
        ("{\"a\"", .unexpectedEnd), ("\"a", .unexpectedEnd), ("\"\\", .unexpectedEnd), ("\"\\x\"", .invalidEscape),
        ("\"\\u12g4\"", .invalidEscape), ("\"\\uD800\"", .loneSurrogate), ("\"\\uDC00\"", .loneSurrogate),
        ("\"\\uD800\\u0041\"", .loneSurrogate), ("\"a\nb\"", .controlCharacter), ("\"\u{0}\"", .controlCharacter),
        ("1 2", .trailingBytes), ("{} x", .trailingBytes), ("// a\n1", .unexpectedCharacter),
        ("'a'", .unexpectedCharacter),
        ("\u{FEFF}1", .byteOrderMark), ("[1]\u{0}", .trailingBytes), ("\u{A0}1", .unexpectedCharacter),
    ]

    @Test(arguments: refused) func refuses(text: String, code: JSONError.Code) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.code == code)
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
            [0x22, 0x5C, 0x6E, 0xC3, 0x22],
        ] as [[UInt8]]) func refusesBytesThatAreNoUTF8(bytes: [UInt8])
    {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
        #expect(error?.code == .invalidUTF8)
    }

    @Test func refusesUTF16() {
        let bytes = Array("{\"a\":1}".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
    }

    @Test func saysWhere() {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "{\n  \"a\": 1,\n  \"b\": 012\n}") }
        #expect(error?.line == 3)
        #expect(error?.column == 8)
        #expect(error?.description == "A number may not begin with a zero at line 3, column 8")
    }

    @Test func holdsTheDepthLimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(parsing: nested(200))
        #expect(throws: JSONError.self) { try JSON(parsing: nested(201)) }
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
        #expect(throws: JSONError.self) { try JSON(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test func holdsTheOtherLimits() throws {
        let values = #expect(throws: JSONError.self) {
            try JSON(parsing: "[1,2,3]", limits: JSONLimits(values: 3))
        }
        #expect(values?.code == .tooManyValues)
        let bytes = #expect(throws: JSONError.self) { try JSON(parsing: "[1,2,3]", limits: JSONLimits(bytes: 6)) }
        #expect(bytes?.code == .tooLarge)
    }

    @Test func aLargeTextTakesLinearTime() throws {
        let row = "{\"name\":\"layer\",\"weights\":[0.123,1.5,-2e-3],\"flag\":true},"
        let bytes = Array(("[" + String(repeating: row, count: 100_000) + "0]").utf8)
        #expect(try JSON(parsing: bytes).array?.count == 100_001)
    }

    @Test func limitsAreExact() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(200)) }
        let deep = #expect(throws: JSONError.self) { try JSON(parsing: nested(201)) }
        #expect(deep?.code == .tooDeep)
        let values = "[" + Array(repeating: "0", count: 9).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSON(parsing: values, limits: JSONLimits(values: 10)) }
        let many = #expect(throws: JSONError.self) { try JSON(parsing: values, limits: JSONLimits(values: 9)) }
        #expect(many?.code == .tooManyValues)
    }

    /// What was read within the limits is read again in what holds it.
    @Test func ownTextHasRoomForWhatItHolds() throws {
        var value: JSON = []
        for _ in 1..<200 { value = [value] }
        #expect(throws: Never.self) { try JSON(parsing: value.serialized()) }
        let frame: JSON = ["type": "start", "spec": value]
        #expect(throws: JSONError.self) { try JSON(parsing: frame.serialized()) }
        #expect(throws: Never.self) { try JSON(parsing: frame.serialized(), limits: .own) }
    }
}
