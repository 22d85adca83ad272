import HTTP
import Testing

@Suite struct QueryTests {
    @Test(arguments: [
        ("a=1&b=2", [QueryItem("a", "1"), QueryItem("b", "2")]), ("a", [QueryItem("a", "")]),
        ("a=&a=x", [QueryItem("a", ""), QueryItem("a", "x")]), ("", []), ("&&a=1&", [QueryItem("a", "1")]),
        ("label=k%3Dv+w%2B", [QueryItem("label", "k=v w+")]), ("a=b?c=/", [QueryItem("a", "b?c=/")]),
        ("%C3%A9=%E2%82%AC", [QueryItem("é", "€")]),
    ])
    func decodes(text: String, items: [QueryItem]) throws {
        #expect(try Query.parse(Array(text.utf8)[...]) == items)
    }

    @Test(arguments: ["a=%ff", "name=%c3", "=x", "%00=1", "a=%0d%0aX", "a=1&b=%7f"])
    func refusesAndNames(text: String) {
        let error = #expect(throws: HTTPError.self) { _ = try Query.parse(Array(text.utf8)[...]) }
        #expect(error?.code == .badQuery)
        if text.hasPrefix("a=%") { #expect(error?.detail.contains("parameter a") == true) }
        if text.hasPrefix("name") { #expect(error?.detail.contains("parameter name") == true) }
    }

    @Test(arguments: [("a%2Fb", "a/b"), ("%41", "A"), ("+", "+"), ("%e2%82%ac", "€")])
    func percentDecodes(text: String, expected: String) {
        #expect(PercentCoding.decoded(Array(text.utf8)[...]) == expected)
    }

    @Test(arguments: ["%", "%4", "%zz", "%ff", "a%"])
    func refusesBadPercents(text: String) { #expect(PercentCoding.decoded(Array(text.utf8)[...]) == nil) }
}

@Suite struct DateFieldTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_827_696, "Tue, 29 Feb 2000 12:34:56 GMT"), (4_102_444_799, "Thu, 31 Dec 2099 23:59:59 GMT"),
    ])
    func formats(seconds: Int, text: String) { #expect(DateField.text(secondsSince1970: seconds) == text) }
}
