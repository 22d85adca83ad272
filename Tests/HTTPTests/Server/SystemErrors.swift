import Glibc
import Reactor

/// Errors of accept(2).
enum SystemErrors {
    static let full = SystemError(call: "accept4", code: EMFILE)
    static let lost = SystemError(call: "accept4", code: ECONNABORTED)
}
