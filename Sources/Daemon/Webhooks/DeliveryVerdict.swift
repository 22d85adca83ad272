package import Transfer

/// What a receiver's answer, or the lack of one, means for a delivery.
package enum DeliveryVerdict: Hashable, Sendable {
    /// It is taken.
    case delivered(status: Int)
    /// It is to be tried again, not before so many seconds where the receiver says so.
    case again(status: Int?, notBefore: Double?, error: String)
    /// It is not tried again: the receiver wants no more, or what is stored of it can't be read.
    case dead(status: Int?, error: String)

    /// What an answer means. A redirection is not followed: it could lead to where nobody wants it.
    package init(status: Int, retryAfter: String?) {
        switch status {
        case 200..<300: self = .delivered(status: status)
        case 300..<400:
            self = .again(
                status: status, notBefore: nil, error: "the receiver answered \(status): redirections are not followed")
        case 410: self = .dead(status: status, error: "the receiver answered 410: it wants no more")
        default:
            self = .again(
                status: status, notBefore: Self.seconds(retryAfter), error: "the receiver answered \(status)")
        }
    }

    /// What the lack of an answer means. Which address a name leads to is the operator's to know.
    package init(_ error: TransferError) {
        let words =
            switch error.code {
            case .timedOut: "the receiver did not answer in time"
            case .forbiddenAddress:
                "the receiver's name leads to an inner address, which webhook_networks does not allow"
            case .stopped: "the daemon was about to end"
            case .unreachable, .badAddress, .damaged, .file, .library: error.context
            }
        self = .again(status: nil, notBefore: nil, error: words)
    }

    /// Retry-After in seconds (RFC 9110 section 10.2.3), a day at most; a date is not looked at.
    private static func seconds(_ field: String?) -> Double? {
        guard let field, (1...9).contains(field.utf8.count), field.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return nil
        }
        return Double(field).map { min($0, 86_400) }
    }
}
