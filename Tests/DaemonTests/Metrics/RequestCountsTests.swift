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

    @Test func durationsAreThoseOfARoute() throws {
        let counts = RequestCounts()
        func count(_ method: HTTPRequest.Method, _ template: String?, _ status: Int, _ duration: Duration) {
            counts.count(
                Exchange(
                    id: RequestID(run: 1, number: 1), method: method, template: template, status: .init(code: status),
                    duration: duration))
        }
        count(.get, "/v1/jobs", 200, .milliseconds(2))
        count(.get, "/v1/jobs", 401, .milliseconds(1))
        count(.post, "/v1/jobs", 201, .seconds(60))
        count(.get, "/healthz", 200, .zero)
        count(.get, nil, 404, .zero)
        let durations = counts.durations
        #expect(
            durations.map { "\($0.labels.map(\.1)) \($0.durations.count) \($0.durations.sum)" } == [
                #"["GET", "/healthz"] 1 0.0"#, #"["GET", "/v1/jobs"] 2 0.003"#, #"["POST", "/v1/jobs"] 1 60.0"#,
            ])
    }
}
