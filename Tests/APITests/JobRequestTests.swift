import API
import Formats
import Jobs
import OrderedCollections
import Testing

@Suite struct JobRequestTests {
    private func read(_ spec: JSON) -> (JobRequest, [SpecError]) {
        let faults = SpecErrors()
        let request = JobRequest(spec: spec, faults: faults)
        return (request, faults.all)
    }

    @Test func anEmptySpecHasTheContractsDefaults() throws {
        let (request, faults) = read([:])
        #expect(faults.isEmpty)
        let expected = try JSON(
            parsing: """
                {"name":"job","labels":{},"priority":0,"retry":{"max_attempts":4,"backoff_seconds":5},
                 "max_run_seconds":null,"start_deadline_seconds":null,"preemptible":true,"webhooks":[]}
                """)
        #expect(JSON.object(request.canonical) == expected)
    }

    @Test func theCanonicalFormReadsBackTheSame() throws {
        let spec = try JSON(
            parsing: """
                {"name":"d","labels":{"team":"vision","a":""},"priority":-3,"retry":{"max_attempts":1,
                 "backoff_seconds":0.25},"max_run_seconds":7200,"start_deadline_seconds":1.5,"preemptible":false,
                 "webhooks":[],"mode":"train","model":[],"params":{}}
                """)
        let (request, faults) = read(spec)
        #expect(faults.isEmpty)
        #expect(request.retry == RetryPolicy(maxAttempts: 1, backoffSeconds: 0.25))
        #expect(read(.object(request.canonical)).0 == request)
    }

    @Test func allFaultsAreFoundAtOnceWithTheirPointers() throws {
        let spec = try JSON(
            parsing: """
                {"name":7,"labels":{"a=b":"x","ok":1,"":"y"},"priority":1.5,"retry":{"max_attempts":0,"backoff":1},
                 "max_run_seconds":0,"start_deadline_seconds":"soon","preemptible":"yes","webhooks":[{}],
                 "optimiser":{},"train_batchsize":1,"zzz":1}
                """)
        let faults = read(spec).1
        #expect(
            Set(faults.map(\.pointer.description)) == [
                "/name", "/labels/a=b", "/labels/ok", "/labels/", "/priority", "/retry/max_attempts", "/retry/backoff",
                "/max_run_seconds", "/start_deadline_seconds", "/preemptible", "/webhooks/0/url", "/optimiser",
                "/train_batchsize", "/zzz",
            ])
        func detail(_ pointer: String) -> String? { faults.first { $0.pointer.description == pointer }?.detail }
        #expect(detail("/optimiser")?.contains("\"optimizer\"") == true)
        #expect(detail("/train_batchsize")?.contains("\"train_batch_size\"") == true)
        #expect(detail("/zzz")?.contains("mean") == false)
        #expect(detail("/webhooks/0/url") == "is required")
        let problem = Problem(faults: faults)
        #expect(problem.status == 422)
        #expect(problem.errors.count == faults.count)
    }

    @Test func webhooksAreRead() throws {
        let (request, faults) = read([
            "webhooks": [
                ["url": "https://hooks.example/a"],
                ["url": "http://10.0.0.1:8080", "on": ["FAILED", "QUEUED", "FAILED"]],
                ["url": "https://b", "on": .null],
            ]
        ])
        #expect(faults.isEmpty, "\(faults)")
        #expect(request.webhooks.map(\.url.text) == ["https://hooks.example/a", "http://10.0.0.1:8080", "https://b"])
        let final: [JobState] = [.succeeded, .failed, .cancelled, .timedOut, .expired]
        #expect(request.webhooks.map(\.states) == [final, [.queued, .failed], final])
        #expect(read(.object(request.canonical)).0 == request)
    }

    @Test(
        arguments: [
            ([["url": "https://a"], 7], "/webhooks/1", "must be an object such as {\"url\":"),
            ([["on": ["FAILED"]]], "/webhooks/0/url", "is required"),
            ([["url": 1]], "/webhooks/0/url", "must be a string"),
            ([["url": "ftp://a"]], "/webhooks/0/url", "must begin with https:// or http://"),
            ([["url": "https://u:p@a"]], "/webhooks/0/url", "must not hold a user or a password"),
            ([["url": "https://a", "on": []]], "/webhooks/0/on", "1 to 11 elements"),
            ([["url": "https://a", "on": ["FAILED", "FAILD"]]], "/webhooks/0/on/1", "did you mean \"FAILED\"?"),
            ([["url": "https://a", "secret": "x"]], "/webhooks/0/secret", "is not a known field"),
            (.array((0..<9).map { ["url": .string("https://h\($0)")] }), "/webhooks", "at most 8 elements"),
        ] as [(JSON, String, String)])
    func aWrongWebhookIsExplained(webhooks: JSON, pointer: String, words: String) {
        let (request, faults) = read(["webhooks": webhooks])
        #expect(faults.map(\.pointer.description) == [pointer], "\(faults)")
        #expect(faults.first?.detail.contains(words) == true, "\(faults)")
        #expect(request.webhooks.count < 2)
    }

    @Test func limitsAreNamed() {
        func labels(_ count: Int) -> JSON {
            JobView.wire(labels: Dictionary(uniqueKeysWithValues: (0..<count).map { ("l\($0)", "v") }))
        }
        func text(_ count: Int) -> String { String(repeating: "é", count: count) }
        let good: [JSON] = [
            ["name": .string(text(200))], ["labels": labels(64)],
            ["labels": .object([text(63): .string(text(256))])],
        ]
        for spec in good { #expect(read(spec).1.isEmpty) }
        let bad: [(JSON, String)] = [
            (["name": .string(text(201))], "200"), (["name": ""], "empty"), (["name": "a\u{7}"], "control"),
            (["labels": labels(65)], "64"), (["labels": .object([text(64): "v"])], "63"),
            (["labels": ["a": .string(text(257))]], "256"), (["labels": ["a": "x\n"]], "control"),
        ]
        for (spec, word) in bad {
            let faults = read(spec).1
            #expect(faults.count == 1 && faults[0].detail.contains(word), "\(faults)")
        }
    }

    @Test func aSpecThatIsNoObjectIsOneFault() {
        #expect(read([]).1.map(\.pointer) == [.root])
    }

    @Test func theListOfFieldsIsTheContracts() throws {
        let all = JobRequest.serviceFields + JobRequest.trainingFields
        #expect(Set(all).count == all.count)
        #expect(all.count == 33)
    }
}
