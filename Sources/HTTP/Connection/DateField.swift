import Glibc
import Reactor

/// The line of Date (IMF-fixdate, RFC 9110 section 5.6.7), made once a second, and the lines that follow it in every answer.
package struct DateField {
    private(set) var bytes: [UInt8] = []
    private let others: [UInt8]
    private var validUntil = MonotonicInstant(nanoseconds: 0)

    /// - Parameter others: The lines after it, with their ends.
    init(before others: [UInt8]) { self.others = others }

    /// Makes the value anew when its second is over. `now` is the moment of the reactor's turn.
    mutating func refresh(_ now: MonotonicInstant) {
        guard now >= validUntil else { return }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        bytes = Array("Date: \(Self.text(secondsSince1970: Int(time.tv_sec)))\r\n".utf8) + others
        validUntil = now + .nanoseconds(1_000_000_000 - Int64(time.tv_nsec))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, by the proleptic Gregorian calendar.
    package static func text(secondsSince1970 seconds: Int) -> String {
        let days = seconds / 86_400
        let second = seconds % 86_400
        // Howard Hinnant's civil_from_days: years that begin in March, eras of 400 years.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let clock = "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(names[days % 7]), \(two(day)) \(months[month - 1]) \(year) \(clock) GMT"
    }
}
