import Testing
import WorkerProtocol

@Suite struct FrameErrorTests {
    @Test(arguments: [
        (FrameError.length(0, limit: 10), "a frame of 0 bytes, where 1 to 10 are allowed"),
        (.notAnObject("it is a list"), "a frame that is not a JSON object: it is a list"),
        (.unknownFrame("x"), "a frame called 'x'"),
        (.field(frame: "log", name: "bytes", detail: "is null"), "frame 'log': field 'bytes' is null"),
        (.unknownField(frame: "log", name: "more"), "frame 'log': unknown field 'more'"),
        (.truncated(bytes: 3), "the socket ended 3 bytes into a frame"),
    ])
    func eachIsASentence(error: FrameError, words: String) { #expect(error.description == words) }
}
