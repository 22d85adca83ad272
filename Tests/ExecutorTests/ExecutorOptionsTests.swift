import Executor
import Testing

struct ExecutorOptionsTests {
    @Test func theDefaultsAndTheSmallestAreTaken() throws {
        try ExecutorOptions().validate()
        try ExecutorOptions(replicas: 1, hosts: 1, threads: 1, lanes: 1, infeedCapacity: 1, outfeedCapacity: 1)
            .validate()
        try ExecutorOptions(replicas: 6, hosts: 3).validate()
        try ExecutorOptions(replicas: .max, hosts: .max).validate()
    }

    @Test(arguments: [(0, 1), (1, 0), (-2, 1), (4, -1), (3, 2), (2, 4)])
    func coresThatHostsCannotDivide(replicas: Int, hosts: Int) {
        let error = #expect(throws: ExecutorError.self) {
            try ExecutorOptions(replicas: replicas, hosts: hosts).validate()
        }
        #expect(
            error?.description == "invalidOptions: \(replicas) cores cannot be spread evenly over \(hosts) hosts")
    }

    @Test(arguments: [
        ExecutorOptions(threads: 0), ExecutorOptions(threads: -1), ExecutorOptions(lanes: 0),
        ExecutorOptions(chains: 0),
        ExecutorOptions(infeedCapacity: 0), ExecutorOptions(outfeedCapacity: .min),
    ])
    func numbersBelowOne(options: ExecutorOptions) {
        let error = #expect(throws: ExecutorError.self) { try options.validate() }
        #expect(error == ExecutorError(.invalidOptions, "threads, lanes, chains and capacities are at least 1"))
    }
}
