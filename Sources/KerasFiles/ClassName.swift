/// The names of Keras' classes.
package enum ClassName {
    /// Keras' snake case of a class name: `MaxPooling2D` gives `max_pooling2d`, `ReLU` gives `re_lu`.
    package static func snakeCase(_ name: String) -> String {
        let letters = Array(name)
        var words = ""
        for (place, letter) in letters.enumerated() {
            if letter.isUppercase, place > 0 {
                let previous = letters[place - 1]
                let next = place + 1 < letters.count ? letters[place + 1] : nil
                let afterLower = previous.isLowercase || previous.isNumber && next?.isLowercase == true
                if afterLower || previous.isUppercase && next?.isLowercase == true { words.append("_") }
            }
            words.append(contentsOf: letter.lowercased())
        }
        return words
    }

    /// Whether a module holds functions of tensors, which Keras 3 writes as layers: they may have the names of layers.
    package static func isOperator(module: String?) -> Bool {
        module?.hasPrefix("keras.src.ops.") == true || module?.hasPrefix("keras.ops.") == true
    }

    /// The class that Keras gives an object of this name, where it has several names for one: `Convolution2D` is `Conv2D`.
    static func own(_ name: String) -> String {
        switch name {
        case "Model": "Functional"
        case "BatchNormalizationV2": "BatchNormalization"
        case _ where name.contains("Convolution"): name.replacing("Convolution", with: "Conv")
        default: name
        }
    }
}
