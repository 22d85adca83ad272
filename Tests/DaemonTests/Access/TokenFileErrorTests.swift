import Daemon
import Glibc
import Reactor
import Testing

@Suite struct TokenFileErrorTests {
    @Test func eachSaysWhatIsWrongAndTheWayOut() {
        let errors: [(TokenFileError, String)] = [
            (.missing(path: "/t"), "`tpud token add --role admin --name NAME --file /t` makes it"),
            (.system(path: "/t", SystemError(call: "open", code: EACCES)), "/t can't be used: open: Permission denied"),
            (.unfit(path: "/t", detail: "is a folder"), "the file of tokens /t is a folder"),
            (.badName("expected letters"), "the name of a token: expected letters"),
            (.noSuchToken(path: "/t"), "`tpud token list` shows"), (.full(path: "/t"), "has 10000 tokens"),
        ]
        for (error, words) in errors { #expect(error.description.contains(words), "\(error)") }
        #expect(DaemonError.tokens(errors[0].0).description == errors[0].0.description)
    }
}
