import Formats
import OrderedCollections
import Testing

/// Keys that layers of several axes have in common.
@Suite struct ObjectReaderWindowsTests {
    @Test(arguments: [
        "Flatten", "MaxPooling2D", "GlobalAveragePooling1D", "ZeroPadding2D", "Cropping1D", "UpSampling2D",
    ])
    func otherLayoutsAreRefused(_ className: String) {
        #expect(LayerTrial.faults(className, ["data_format": "channels_last"]) == [])
        #expect(LayerTrial.faults(className, ["data_format": nil]) == [])
        #expect(
            LayerTrial.faults(className, ["data_format": "channels_first"]) == [
                "/data_format: \"channels_first\" is not supported: data is channels_last; make the model with "
                    + "data_format=\"channels_last\", and give rows whose last axis is the channels"
            ])
        #expect(LayerTrial.faults(className, ["data_format": 1]) == ["/data_format: must be a string, not 1"])
    }

    @Test(
        arguments: [
            ("ZeroPadding2D", nil, [5, 6, 1]), ("ZeroPadding2D", 2, [7, 8, 1]),
            ("ZeroPadding2D", [2, 0], [7, 4, 1]), ("ZeroPadding2D", [[0, 1], [2, 3]], [4, 9, 1]),
            ("ZeroPadding2D", [1, [0, 3]], [5, 7, 1]), ("Cropping2D", nil, [3, 4, 1]), ("Cropping2D", 1, [1, 2, 1]),
            ("Cropping2D", [[0, 1], [2, 0]], [2, 2, 1]),
        ] as [(String, JSON?, [Int])])
    func marginsOfTwoAxes(_ className: String, _ value: JSON?, _ shape: [Int]) throws {
        let key = className == "ZeroPadding2D" ? "padding" : "cropping"
        let layer = try LayerTrial(className, value.map { [key: $0] } ?? [:])
        #expect(try layer.shape([3, 4, 1]) == shape)
    }

    @Test(
        arguments: [
            ("ZeroPadding1D", nil, [6, 2]), ("ZeroPadding1D", 3, [10, 2]), ("ZeroPadding1D", [0, 3], [7, 2]),
            ("Cropping1D", nil, [2, 2]), ("Cropping1D", [0, 3], [1, 2]),
        ] as [(String, JSON?, [Int])])
    func marginsOfOneAxis(_ className: String, _ value: JSON?, _ shape: [Int]) throws {
        let key = className == "ZeroPadding1D" ? "padding" : "cropping"
        let layer = try LayerTrial(className, value.map { [key: $0] } ?? [:])
        #expect(try layer.shape([4, 2]) == shape)
    }

    @Test func wrongMarginsAreFaults() {
        func faults(_ padding: JSON, _ className: String = "ZeroPadding2D") -> [String] {
            LayerTrial.faults(className, ["padding": padding])
        }
        #expect(faults(-1) == ["/padding: must be a whole number from 0 to 1073741824, not -1"])
        #expect(faults([1]) == ["/padding: must have 2 elements, not 1"])
        #expect(faults([1, "a"]) == ["/padding/1: must be a whole number from 0 to 1073741824, not \"a\""])
        #expect(
            faults([[1, 2, 3], [1, 1]]) == ["/padding/0: must be a number or two, for in front and behind, not 3"])
        #expect(faults([[1, -2], 1]) == ["/padding/0/1: must be a whole number from 0 to 1073741824, not -2"])
        #expect(faults([1, 2, 3], "ZeroPadding1D") == ["/padding: must have 2 elements, not 3"])
    }
}
