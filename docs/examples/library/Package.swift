// swift-tools-version: 6.2
import PackageDescription

/// The library's product, of the checkout that this folder lies in.
let estimator: Target.Dependency = .product(name: "TPUEstimator", package: "tpud")

/// The library of programs that the daemon runs.
let program: Target.Dependency = .product(name: "TPUEstimatorProgram", package: "tpud")

let package = Package(
    name: "library-examples",
    dependencies: [.package(name: "tpud", path: "../../..")],
    targets: [
        .executableTarget(name: "Digits", dependencies: [estimator]),
        .executableTarget(name: "DigitsProgram", dependencies: [program]),
        .executableTarget(name: "PetalWidth", dependencies: [estimator]),
        .executableTarget(name: "Species", dependencies: [estimator]),
    ]
)
