import CZlib
import Formats
import Foundation
import Testing

/// Bytes as an open file that has no name any more.
func openFile(_ bytes: [UInt8]) throws -> OpenFile {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("tpud-\(UUID().uuidString)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try OpenFile(path: url.path)
}

/// One gzip member of the bytes.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 16 more than the window asks for a gzip wrapper (zlib.h, deflateInit2).
    deflateInit2_(
        &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
    let written = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            deflate(&stream, Z_FINISH)
            return target.count - Int(stream.avail_out)
        }
    }
    return Array(output[..<written])
}

@Suite struct IDXTests {
    private let valid: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]

    @Test func reads() throws {
        for bytes in [
            valid, gzip(valid), gzip(Array(valid[..<7])) + gzip(Array(valid[7...])), gzip(valid) + [0, 0, 0],
        ] {
            let array = try IDX.read(openFile(bytes))
            #expect(array == NDArray([1, 2, 3, 4, 5, 6] as [UInt8], shape: [2, 3]))
            #expect(try IDX.check(openFile(bytes)).shape == [2, 3])
        }
        let shorts: [UInt8] = [0, 0, 0x0B, 1, 0, 0, 0, 2, 0xFF, 0xFE, 1, 2]
        #expect(try IDX.read(openFile(shorts)) == NDArray([-2, 258] as [Int16]))
        let ints: [UInt8] = [0, 0, 0x0C, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE]
        #expect(try IDX.read(openFile(ints)) == NDArray([-2] as [Int32]))
        let floats: [UInt8] = [0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0]
        #expect(try IDX.read(openFile(floats)) == NDArray([1] as [Float]))
        let doubles: [UInt8] = [0, 0, 0x0E, 1, 0, 0, 0, 1, 0xBF, 0xF0, 0, 0, 0, 0, 0, 0]
        #expect(try IDX.read(openFile(doubles)) == NDArray([-1] as [Double]))
    }

    @Test func refuses() throws {
        let huge: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 0xFF, count: 12)
        let table: [([UInt8], FormatError.Code, String)] = [
            ([], .truncated, "is truncated: an IDX file begins with 4 bytes, but there are 0"),
            ([0, 0, 8], .truncated, "is truncated: an IDX file begins with 4 bytes, but there are 3"),
            (
                [0x50, 0x4B, 3, 4], .unsupported,
                "is a zip archive (as .zip, .xlsx, .npz, .keras and .pt files are), not an IDX file; unpack it first"
            ),
            ([0, 0, 7, 1, 0, 0, 0, 0], .malformed, "is not an IDX file: it begins with the bytes 00 00 07 01"),
            ([0, 0, 8, 0], .malformed, "has 0 dimensions, but an IDX file has 1 to 16"),
            ([0, 0, 8, 200], .malformed, "has 200 dimensions, but an IDX file has 1 to 16"),
            (
                [0, 0, 8, 2, 0, 0], .truncated,
                "is truncated: an IDX header of 2 dimensions has 12 bytes, but there are 6"
            ),
            (huge, .malformed, "has a header whose dimensions [4294967295, 4294967295, 4294967295] overflow"),
            (
                Array(valid.dropLast()), .truncated,
                "is truncated: its header announces uint8 [2, 3], which is 6 bytes, but 5 follow"
            ),
            (
                valid + [0], .malformed,
                "is too long: its header announces uint8 [2, 3], which is 6 bytes, but more follow"
            ),
            (
                gzip(Array(valid.dropLast())), .truncated,
                "is truncated: its header announces uint8 [2, 3], which is 6 bytes, but 5 follow"
            ),
            (
                Array(gzip(valid).dropLast(9)), .truncated,
                "The gzip data ends after 26 bytes, in the middle of a member"
            ),
            (gzip(valid) + [1], .malformed, "Something else follows the gzip data"),
        ]
        for (bytes, code, detail) in table {
            for read in [{ _ = try IDX.read(openFile(bytes)) }, { _ = try IDX.check(openFile(bytes)) }] {
                let error = #expect(throws: FormatError.self) { try read() }
                #expect(error?.code == code)
                #expect(error?.detail == detail)
            }
        }
        var damaged = gzip(valid)
        damaged[damaged.count - 6] ^= 1
        #expect(throws: FormatError.self) { _ = try IDX.read(openFile(damaged)) }
        #expect(throws: FormatError.self) { _ = try IDX.read(openFile(valid), limit: 5) }
    }

    /// A header that announces terabytes costs no more than the file has.
    @Test func takesNoMemoryForWhatIsNotThere() throws {
        let announced: [UInt8] = [0, 0, 8, 2, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 1, 2]
        for bytes in [announced, gzip(announced)] {
            let error = #expect(throws: FormatError.self) { _ = try IDX.read(openFile(bytes)) }
            #expect(error?.code == .truncated)
        }
    }
}
