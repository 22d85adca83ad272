import Daemon
import Testing

@Suite struct ConfigurationErrorTests {
    @Test func eachFaultIsALineWithItsPlace() {
        let error = ConfigurationError(faults: [
            .init(place: "tpud.yaml:3", key: "workers", detail: "is empty"),
            .init(place: "tpud.yaml", key: nil, detail: "is not YAML"),
        ])
        #expect(error.description == "tpud.yaml:3: workers: is empty\ntpud.yaml: is not YAML")
    }
}
