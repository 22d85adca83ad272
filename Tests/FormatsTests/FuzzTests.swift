import Formats
import OrderedCollections
import Testing
import TestSupport

/// Damaged files give a value or a typed error, never a trap. The seed is the argument.
@Suite struct FuzzTests {
    private static let texts = [
        #"{"a":[1,-2.5e-3,true,null,"x\u00e9\ud83d\ude00\n"],"b":{"c":{"d":[[],{}]}},"é":""}"#,
        #"[{"Dense":{"units":128,"activation":"relu"}},{"Dense":{"units":10}}]"#, "[[[[[[1]]]]]]", "-0.0e+10",
    ].map { Array($0.utf8) }

    @Test(arguments: 0..<40 as Range<UInt64>) func json(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<250 {
            let text = FuzzTests.texts[random.below(FuzzTests.texts.count)]
            let bytes = text.mutated(&random, alphabet: Array("{}[]\":,\\u0eE+-.9".utf8))
            guard let json = try? JSON(parsing: bytes) else { continue }
            #expect(try JSON(parsing: json.serialized()) == json)
            #expect(try JSON(parsing: json.serialized(pretty: true)) == json)
        }
    }

    /// Whatever Foundation's strict neighbours say, a value that was read is UTF-8 and its numbers convert or not.
    @Test(arguments: 0..<20 as Range<UInt64>) func numbers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = Array("-123.4500e+12".utf8).mutated(&random, alphabet: Array("0123456789eE+-.".utf8))
            guard let number = try? JSON(parsing: bytes).number else { continue }
            if let int = number.int, let double = number.double { #expect(Double(int) == double) }
            _ = number.uint64
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func safetensors(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let valid = Safetensors(
            tensors: ["a": NDArray([1, 2, 3] as [Float]), "b": NDArray([1] as [Int64], shape: [])], metadata: ["k": "v"]
        ).serialized()
        for _ in 0..<250 {
            let bytes = valid.mutated(&random, alphabet: Array("\"{}[]:,0123456789".utf8))
            guard let read = try? Safetensors(parsing: bytes) else { continue }
            #expect(try Safetensors(parsing: read.serialized()).metadata == read.metadata)
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func idx(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let plain: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
        let valid = seed % 2 == 0 ? plain : gzip(plain) + gzip([])
        for _ in 0..<100 {
            let bytes = valid.mutated(&random)
            if bytes.count == plain.count, bytes[..<12] == plain[..<12] { continue }
            do {
                let array = try IDX.read(openFile(bytes))
                #expect(try IDX.check(openFile(bytes)).dataSize == array.bytes.count)
            } catch {
                #expect(error is FormatError)
            }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func csv(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let valid = Array("a,\"b \"\"q\"\"\",c\r\n1,2.5,3\r\n-1e-2,\"7\",4\r\n".utf8)
        for _ in 0..<100 {
            let bytes = valid.mutated(&random, alphabet: Array("\",\r\n.e-".utf8))
            do {
                let reader = CSVReader(try ByteStream(openFile(bytes)))
                let header = try CSVNumbers.header(reader)
                let columns = CSVColumns(
                    header: header, features: Array(header.indices.dropLast()), label: header.indices.last)
                let numbers = try CSVNumbers(reader, columns, deciding: 10)
                #expect(numbers.features.count == numbers.rows * (header.count - 1))
            } catch {
                #expect(error is FormatError || error is CSVError)
            }
        }
    }

    @Test(arguments: 0..<10 as Range<UInt64>) func pointers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = Array("/a~1b/~0/0//é".utf8).mutated(&random, alphabet: Array("/~01".utf8))
            guard let text = String(validating: bytes, as: UTF8.self), let pointer = JSONPointer(text) else { continue }
            #expect(pointer.description == text)
        }
    }
}
