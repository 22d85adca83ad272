import Testing
import Transfer

@Suite struct TransferErrorTests {
    @Test(arguments: [
        (TransferError.Code.unreachable, "cannot reach the server: x"), (.timedOut, "no answer in time: x"),
        (.badAddress, "not a usable address: x"), (.damaged, "the download is damaged: x"), (.file, "x"),
        (.stopped, "stopped: x"), (.library, "libcurl: x"),
        (.forbiddenAddress, "the address is an inner one, which is not allowed: x"),
    ])
    func eachSaysWhatFailed(code: TransferError.Code, words: String) {
        #expect(TransferError(code, "x").description == words)
    }
}
