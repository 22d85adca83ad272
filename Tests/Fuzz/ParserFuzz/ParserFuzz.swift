import FuzzChecks
import Glibc

/// The parser that is fuzzed.
private let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
        // Without a parser nothing can be fuzzed.
        fatalError("FUZZ_TARGET must be one of \(names), not \"\(name)\"")
    }
    return target
}()

/// libFuzzer's entry (llvm.org/docs/LibFuzzer.html): stops where an input breaks what must hold, and where it traps.
/// `make fuzz-parsers` builds and runs it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // unsafe: libFuzzer's bytes live through the call and are copied here.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // libFuzzer keeps the input of whatever stops it.
    if let broken = target.broken(by: bytes) { fatalError(broken) }
    return 0
}
