import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// Models of `keras.applications` as Keras 3.15.1 prints them (`Tests/Fixtures/applications`): each is planned with Keras'
/// own numbers of parameters.
@Suite struct KerasApplicationsTests {
    /// A model, the extent of its images, and Keras' counts.
    struct Application: Sendable, CustomTestStringConvertible {
        let name: String
        var size = 224
        let parameters: Int
        let trained: Int

        var testDescription: String { name }
    }

    static let all: [Application] = [
        Application(name: "DenseNet121", parameters: 8_062_504, trained: 7_978_856),
        Application(name: "EfficientNetB0", parameters: 5_330_571, trained: 5_288_548),
        Application(name: "EfficientNetV2B0", parameters: 7_200_312, trained: 7_139_704),
        Application(name: "InceptionV3", size: 299, parameters: 23_851_784, trained: 23_817_352),
        Application(name: "MobileNet", parameters: 4_253_864, trained: 4_231_976),
        Application(name: "MobileNetV2", parameters: 3_538_984, trained: 3_504_872),
        Application(name: "MobileNetV3Large", parameters: 5_507_432, trained: 5_483_032),
        Application(name: "MobileNetV3Small", parameters: 2_554_968, trained: 2_542_856),
        Application(name: "NASNetMobile", parameters: 5_326_716, trained: 5_289_978),
        Application(name: "ResNet50", parameters: 25_636_712, trained: 25_583_592),
        Application(name: "ResNet50V2", parameters: 25_613_800, trained: 25_568_360),
        Application(name: "VGG16", parameters: 138_357_544, trained: 138_357_544),
        Application(name: "Xception", size: 299, parameters: 22_910_480, trained: 22_855_952),
    ]

    private static func model(_ name: String) throws -> JSON {
        let path = ProjectFiles.root.appending(path: "Tests/Fixtures/applications/\(name).json.gz").path
        return try JSON(parsing: try ByteStream(OpenFile(path: path)).next(1 << 24))
    }

    @Test(arguments: all)
    func isPlannedWithKerasParameters(_ application: Application) throws {
        var job = SmallJob.training([
            "synthetic": [
                "features": ["shape": [JSON(application.size), JSON(application.size), 3]],
                "labels": ["classes": 1000], "examples": 8,
            ]
        ])
        job.spec["model"] = try Self.model(application.name)
        job.spec["loss"] = "sparse_categorical_crossentropy"
        let plan = try #require(job.definition, "\(job.faultsWithoutNames)").plan()
        #expect(plan.parameters == application.parameters)
        let trained = plan.variables.filter(\.isTrainable).map { $0.shape.reduce(1, *) }.reduce(0, +)
        #expect(trained == application.trained)
    }
}
