import Formats
import Testing

@Suite struct JSONSerializerTests {
    @Test func writesWhatItReads() throws {
        let text = #"{"a":[1,2.50,-1e+5,"x\"\\\n\u0001é"],"b":{},"c":[],"d":null,"e":true}"#
        let json = try JSON(parsing: text)
        #expect(json.text == text)
        #expect(try JSON(parsing: json.serialized(pretty: true)) == json)
        let pretty: JSON = ["a": [1, 2], "b": ["c": [[1], ["d": nil]]], "e": [:]]
        #expect(
            String(decoding: pretty.serialized(pretty: true), as: UTF8.self)
                == "{\n  \"a\": [1,2],\n  \"b\": {\n    \"c\": [\n      [1],\n      {\n        \"d\": null\n      }\n    ]\n  },\n  \"e\": {}\n}"
        )
    }

    /// Every character that must be escaped is, and no other; what is written reads back.
    @Test func escapesWhatItMust() throws {
        for value in (0..<0x300 as Range<UInt32>) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = JSON.string(String(scalar)).text
            let isEscaped = value < 0x20 || scalar == "\"" || scalar == "\\"
            #expect(text.contains("\\") == isEscaped, "\(text)")
            #expect(try JSON(parsing: text).string == String(scalar))
        }
        #expect(JSON.string("\u{1}\u{1F}\t").text == #""\u0001\u001f\t""#)
    }
}
