import HTTPProperties

/// libFuzzer's entry: bytes read as a head and as a chunked body, whole and in parts. It stops at a property that is
/// broken, and at whatever traps.
///
///     TPUD_FUZZ=1 TPUD_ONLY=HTTPFuzz swift build --sanitize=fuzzer --scratch-path .build-fuzz --product HTTPFuzz
///     .build-fuzz/debug/HTTPFuzz -max_len=600 -max_total_time=60
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // unsafe: libFuzzer's bytes live through the call and are copied here.
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let broken = ParserProperties.splitsAgree(bytes) { preconditionFailure(broken) }
    if let broken = ParserProperties.chunksAgree(bytes) { preconditionFailure(broken) }
    return 0
}
