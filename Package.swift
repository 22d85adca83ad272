// swift-tools-version: 6.2
import PackageDescription

// MARK: Settings

/// What every Swift target is compiled with (docs/style.md says why).
let base: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Targets that touch no raw memory say so to the compiler.
let safe: [SwiftSetting] = base + [.strictMemorySafety()]

// MARK: Packages that others keep

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let orderedCollections: Target.Dependency = .product(name: "OrderedCollections", package: "swift-collections")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

// MARK: Targets, bottom up (docs/architecture.md has the table of who may import whom)

let systemLibraries: [Target] = [
    .target(name: "CLinux"),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .target(name: "CKernels"),
    .target(name: "CPage", exclude: ["Assets"]),
    .target(name: "CJobFields", exclude: ["job-fields.json"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZip", providers: [.apt(["libzip-dev"])]),
    .systemLibrary(name: "CHDF5", providers: [.apt(["libhdf5-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
]

let serving: [Target] = [
    .target(name: "Reactor", dependencies: ["CLinux", heap, subprocess, system], swiftSettings: base),
    .target(name: "HTTP", dependencies: ["Reactor", httpTypes], swiftSettings: base),
]

let training: [Target] = [
    .target(name: "Graph", swiftSettings: safe),
    .target(name: "Executor", dependencies: ["Graph", "COneDNN", "CKernels"], swiftSettings: base),
    .target(name: "Formats", dependencies: ["CZlib", orderedCollections], swiftSettings: base),
    .target(
        name: "KerasFiles", dependencies: ["Formats", "CZip", "CHDF5", orderedCollections],
        swiftSettings: base),
    .target(name: "ONNXFiles", dependencies: ["Graph", "Formats"], swiftSettings: safe),
    .target(name: "Datasets", dependencies: ["Formats", "CLinux"], swiftSettings: base),
    .target(
        name: "Estimator",
        dependencies: ["Graph", "Executor", "Datasets", "Formats", "CLinux", crypto, orderedCollections],
        swiftSettings: base),
    .target(
        name: "Keras",
        dependencies: ["Graph", "Datasets", "Estimator", "Formats", "KerasFiles", "ONNXFiles", orderedCollections],
        swiftSettings: safe),
    .target(
        name: "Worker",
        dependencies: [
            "WorkerProtocol", "Keras", "Estimator", "Datasets", "Formats", "Jobs", "CLinux", orderedCollections,
        ],
        swiftSettings: base),
]

/// The library of programs that the daemon runs: the estimator, and the worker's way of speaking.
let programLibrary: [Target] = [
    .target(
        name: "EstimatorProgram",
        dependencies: ["Worker", "WorkerProtocol", "Keras", "Estimator", "Formats", "Jobs", orderedCollections],
        swiftSettings: base)
]

/// What the daemon and the processes that it starts say to each other.
let between: [Target] = [
    .target(name: "WorkerProtocol", dependencies: ["Formats", "Jobs", orderedCollections], swiftSettings: safe)
]

let service: [Target] = [
    .target(name: "Jobs", dependencies: ["Formats"], swiftSettings: safe),
    .target(name: "Scheduling", dependencies: ["Jobs"], swiftSettings: safe),
    .target(name: "Store", dependencies: ["Jobs", "Formats", grdb], swiftSettings: base),
]

let programs: [Target] = [
    .target(
        name: "Checker",
        dependencies: [
            "API", "Worker", "WorkerProtocol", "Keras", "Estimator", "Datasets", "Formats", "Jobs", "CLinux",
            orderedCollections,
        ],
        swiftSettings: base),
    .target(name: "Transfer", dependencies: ["CCurl", "Formats", crypto], swiftSettings: base),
    .target(
        name: "API", dependencies: ["Jobs", "Formats", "CJobFields", httpTypes, orderedCollections], swiftSettings: safe
    ),
    .target(
        name: "Daemon",
        dependencies: [
            "Reactor", "HTTP", "Formats", "WorkerProtocol", "Jobs", "Scheduling", "Store", "Transfer", "API", "CPage",
            crypto, deque, heap, httpTypes, logging, orderedCollections, serviceLifecycle, yams,
        ],
        swiftSettings: base),
    .executableTarget(
        name: "engine-bench",
        dependencies: [
            "Graph", "Executor", "Estimator", "Keras", "Datasets", "Formats", "CAllocations", "CLinux",
            orderedCollections,
        ],
        path: "Tests/Benchmarks/EngineBench", swiftSettings: base),
    .executableTarget(
        name: "tpud",
        dependencies: [
            "API", "Daemon", "Worker", "WorkerProtocol", "Checker", argumentParser, logging, serviceLifecycle,
            unixSignals,
        ],
        swiftSettings: base),
    .executableTarget(
        name: "tpuctl",
        dependencies: [
            "API", "Transfer", "Jobs", "Formats", "KerasFiles", argumentParser, orderedCollections, yams,
        ],
        swiftSettings: base),
]

/// The tests of one target.
func test(_ target: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(target)Tests", dependencies: [.target(name: target)] + dependencies, exclude: exclude,
        swiftSettings: base)
}

/// A program that uses the library alone: outside of the package's own circle, it sees what any user of the library sees.
func example(_ name: String, path: String, library: Target.Dependency = "Estimator") -> Target {
    .executableTarget(
        name: name, dependencies: [library], path: path, packageAccess: false,
        swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
}

/// The programs of docs/estimator.md and docs/examples/library.
let examples =
    [example("Quadrants", path: "Tests/Examples/Quadrants")]
    + ["Digits", "PetalWidth", "Species"].map { example($0, path: "docs/examples/library/Sources/\($0)") }
    + [
        example(
            "DigitsProgram", path: "docs/examples/library/Sources/DigitsProgram", library: "EstimatorProgram")
    ]

let tests: [Target] = [
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: base),
    .target(
        name: "ReactorSupport", dependencies: ["Reactor"], path: "Tests/ReactorSupport", swiftSettings: base),
    test("Reactor", ["CLinux", "ReactorSupport", "TestSupport"]),
    .target(
        name: "HTTPProperties", dependencies: ["HTTP", httpTypes], path: "Tests/HTTPProperties", swiftSettings: base),
    .target(
        name: "FuzzChecks",
        dependencies: ["HTTPProperties", "HTTP", "API", "Formats", httpTypes, orderedCollections],
        path: "Tests/Fuzz/FuzzChecks", swiftSettings: base),
    test("FuzzChecks", ["TestSupport"]),
    test("HTTP", ["Reactor", "HTTPProperties", "ReactorSupport", "TestSupport", httpTypes]),
    test("Graph", ["TestSupport"], exclude: ["Golden"]),
    // Counts allocations, which is what a test of an executor's steps needs.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    test("Executor", ["Graph", "Formats", "CKernels", "CAllocations", "TestSupport"]),
    test("Formats", ["CZlib", "TestSupport", orderedCollections]),
    test("KerasFiles", ["Formats", "TestSupport", orderedCollections]),
    test("ONNXFiles", ["Graph", "Formats"]),
    test("Datasets", ["Formats", "TestSupport", orderedCollections]),
    test(
        "Estimator",
        ["Graph", "Executor", "Datasets", "Formats", "TestSupport", orderedCollections]
            + examples.map { .target(name: $0.name) }),
    test(
        "Keras",
        ["Graph", "Executor", "Datasets", "Estimator", "Formats", "KerasFiles", "TestSupport", orderedCollections]),
    test("WorkerProtocol", ["Formats", "Jobs", "TestSupport", orderedCollections]),
    .target(
        name: "WorkerSupport", dependencies: ["WorkerProtocol", "Formats"], path: "Tests/WorkerSupport",
        swiftSettings: base),
    test("Worker", ["WorkerProtocol", "Estimator", "Formats", "Jobs", "WorkerSupport"]),
    test(
        "EstimatorProgram",
        ["Worker", "WorkerProtocol", "WorkerSupport", "Formats", "Jobs", orderedCollections]),
    test("Jobs", ["TestSupport"]),
    test("Scheduling", ["Jobs", "TestSupport"]),
    test("Store", ["Jobs", "TestSupport", grdb]),
    test("Transfer", ["HTTP", "Reactor", "TestSupport", crypto, httpTypes]),
    test("Checker", ["WorkerProtocol", "API", "Formats", "Jobs", "TestSupport", orderedCollections]),
    test("API", ["Jobs", "Formats", "TestSupport", httpTypes, orderedCollections]),
    test(
        "Daemon",
        [
            "API", "HTTP", "Jobs", "Reactor", "Store", "Scheduling", "Transfer", "WorkerProtocol", "Formats",
            "Estimator",
            "ReactorSupport", "TestSupport", crypto, httpTypes, logging,
        ]),
    .testTarget(
        name: "tpudTests",
        dependencies: [
            "tpud", "tpuctl", "DigitsProgram", "API", "Daemon", "Formats", "HTTP", "Jobs", "KerasFiles", "Reactor",
            "Store", "Transfer", "WorkerProtocol", "TestSupport", crypto, httpTypes, logging, orderedCollections,
        ],
        exclude: ["MachineFaults/machine_faults.c"], swiftSettings: base),
    .testTarget(
        name: "ConventionTests", dependencies: ["TestSupport"], exclude: ["Fixtures"], swiftSettings: base),
]

/// Programs that the tests don't need: the HTTP load target (TPUD_BENCH) and the parsers' libFuzzer target (TPUD_FUZZ), which
/// has no main of its own and so would break an ordinary build.
let extras: [Target] =
    (Context.environment["TPUD_BENCH"] == nil
        ? []
        : [
            .executableTarget(
                name: "HTTPBench", dependencies: ["HTTP", "Reactor", httpTypes], path: "Tests/Benchmarks/HTTPBench",
                swiftSettings: base),
            .executableTarget(
                name: "StoreBench", dependencies: ["Store", "Jobs", grdb], path: "Tests/Benchmarks/StoreBench",
                swiftSettings: base),
        ])
    + (Context.environment["TPUD_FUZZ"] == nil
        ? []
        : [
            .executableTarget(
                name: "ParserFuzz", dependencies: ["FuzzChecks"], path: "Tests/Fuzz/ParserFuzz",
                swiftSettings: base + [.unsafeFlags(["-parse-as-library"])])
        ])

/// `TPUD_ONLY=HTTP,Graph` leaves out all but these targets, what they need and their tests, which build and run
/// in a fraction of the time (the sanitizer's runs use it).
func chosen(from all: [Target]) -> [Target] {
    guard let only = Context.environment["TPUD_ONLY"], !only.isEmpty else { return all }
    let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
    var keep: Set<String> = []
    func visit(_ name: String) {
        guard let target = byName[name], keep.insert(name).inserted else { return }
        for dependency in target.dependencies {
            switch dependency {
            case .targetItem(let name, _), .byNameItem(let name, _): visit(name)
            default: break
            }
        }
    }
    for name in only.split(separator: ",").map(String.init) {
        visit(name)
        visit("\(name)Tests")
    }
    return all.filter { keep.contains($0.name) }
}

let package = Package(
    name: "tpud",
    products: Context.environment["TPUD_ONLY"] == nil
        ? [
            .library(name: "TPUEstimator", targets: ["Estimator"]),
            .library(name: "TPUEstimatorProgram", targets: ["EstimatorProgram"]),
            .executable(name: "tpud", targets: ["tpud"]),
            .executable(name: "tpuctl", targets: ["tpuctl"]),
        ] : [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: chosen(
        from: systemLibraries + serving + training + programLibrary + between + service + programs + examples + tests
            + extras)
)
