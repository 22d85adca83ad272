import Formats
import Glibc

/// libFuzzer's entry (llvm.org/docs/LibFuzzer.html): the first byte chooses the format, the rest is the file.
///
/// `TPUD_FUZZ=1 TPUD_ONLY=FormatsFuzz swift build -c release --sanitize=fuzzer`, then run `FormatsFuzz -max_total_time=60`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFormats(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let kind = input.first else { return 0 }
    let bytes = [UInt8](input.dropFirst())
    switch kind % 5 {
    case 0: fuzzJSON(bytes)
    case 1: _ = (try? Safetensors(parsing: bytes))?.serialized()
    case 2: if let file = file(bytes) { _ = try? IDX.read(file, limit: 1 << 20) }
    case 3: fuzzCSV(bytes)
    default: _ = JSONPointer(String(decoding: bytes, as: UTF8.self))?.description
    }
    return 0
}

private func fuzzJSON(_ bytes: [UInt8]) {
    guard let json = try? JSON(parsing: bytes) else { return }
    // `try?`: what was written must read, and as the same value.
    precondition((try? JSON(parsing: json.serialized(pretty: true))) == json, "the text of a value reads as that value")
}

private func fuzzCSV(_ bytes: [UInt8]) {
    guard let file = file(bytes), let reader = (try? ByteStream(file)).map({ CSVReader($0) }),
        let header = try? CSVNumbers.header(reader)
    else { return }
    let columns = CSVColumns(header: header, features: Array(header.indices.dropLast()), label: header.indices.last)
    _ = try? CSVNumbers(reader, columns, deciding: 4)
}

/// The bytes as a file without a name.
private func file(_ bytes: [UInt8]) -> OpenFile? {
    guard let stream = tmpfile() else { return nil }
    defer { fclose(stream) }
    let descriptor = dup(fileno(stream))
    guard descriptor >= 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else { return nil }
    return try? OpenFile(owning: descriptor)
}
