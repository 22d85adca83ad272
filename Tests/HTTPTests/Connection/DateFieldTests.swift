import HTTP
import Testing

@Suite struct DateFieldTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
    ])
    func formats(seconds: Int, text: String) { #expect(DateField.text(secondsSince1970: seconds) == text) }

    /// Days follow one another: after each comes the next weekday, and the day of the month grows by one or begins anew.
    @Test func everyDayFollowsTheOneBefore() {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        var before = 31
        for day in 0..<50_000 {
            let text = DateField.text(secondsSince1970: day * 86_400)
            let number = Int(text.dropFirst(5).prefix(2)) ?? 0
            guard text.hasPrefix(weekdays[day % 7] + ", "), number == before + 1 || (number == 1 && before >= 28) else {
                Issue.record("day \(day) is \(text), after a day \(before)")
                return
            }
            before = number
        }
    }
}
