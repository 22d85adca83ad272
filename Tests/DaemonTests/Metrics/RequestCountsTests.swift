import Daemon
import HTTP
import HTTPTypes
import Testing

@Suite struct RequestCountsTests {
    @Test func whatClientsInventMakesNoCountOfItsOwn() throws {
        let counts = RequestCounts()
        func count(_ method: String?, _ template: String?, _ status: Int) throws {
            let method = try method.map { try #require(HTTPRequest.Method($0)) }
            counts.count(
                Exchange(
                    id: RequestID(run: 1, number: 1), method: method, template: template, status: .init(code: status),
                    duration: .zero))
        }
        for number in 0..<30_000 { try count("M\(number)", nil, 501) }
        try count("GET", "/healthz", 200)
        try count("GET", "/healthz", 200)
        try count(nil, nil, 400)
        #expect(
            counts.samples.map(\.labels) == [
                #"{method="",route="",status="400"}"#, #"{method="GET",route="/healthz",status="200"}"#,
                #"{method="OTHER",route="",status="501"}"#,
            ])
        #expect(counts.samples.map(\.value) == [1, 2, 30_000])
    }
}
