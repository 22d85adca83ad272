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
}
