/// Names that Keras or TensorFlow 1 know and this version does not have yet: they are refused as such, not as mistakes.
enum KerasNames {
    static let laterLayers: Set<String> = [
        "Add", "AdditiveAttention", "AlphaDropout", "Attention", "Average", "AveragePooling1D", "AveragePooling2D",
        "AveragePooling3D", "BatchNormalization", "Bidirectional", "CategoryEncoding", "CenterCrop", "Concatenate",
        "Conv1D",
        "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM2D", "Cropping1D",
        "Cropping2D", "Cropping3D", "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "Dot", "Dropout", "ELU",
        "EinsumDense", "Embedding", "Functional", "GRU", "GRUCell", "GaussianDropout", "GaussianNoise",
        "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling1D",
        "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GroupNormalization", "GroupQueryAttention", "LSTM", "LSTMCell",
        "Lambda",
        "LayerNormalization", "LeakyReLU", "Masking", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Maximum",
        "Minimum",
        "Model", "MultiHeadAttention", "Multiply", "Normalization", "PReLU", "Permute", "RMSNormalization", "RNN",
        "RandomCrop", "RandomFlip", "ReLU", "RepeatVector", "Reshape", "Resizing", "SeparableConv1D", "SeparableConv2D",
        "Sequential", "SimpleRNN", "SimpleRNNCell", "Softmax", "SpatialDropout1D", "SpatialDropout2D",
        "SpatialDropout3D",
        "SpectralNormalization", "StackedRNNCells", "Subtract", "TFOpLambda", "TextVectorization", "ThresholdedReLU",
        "TimeDistributed", "UnitNormalization", "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D",
        "ZeroPadding2D", "ZeroPadding3D",
    ]

    static let laterInitializers: Set<String> = [
        "Identity", "IdentityInitializer", "Orthogonal", "OrthogonalInitializer",
    ]

    static let laterLosses: Set<String> = [
        "BinaryCrossentropy", "BinaryFocalCrossentropy", "CategoricalCrossentropy", "CategoricalFocalCrossentropy",
        "CategoricalHinge", "CosineSimilarity", "Dice", "Hinge", "Huber", "KLDivergence", "LogCosh",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson", "SquaredHinge", "Tversky",
        "binary_crossentropy", "binary_focal_crossentropy", "categorical_crossentropy", "categorical_hinge",
        "cosine_similarity", "hinge", "huber", "kl_divergence", "kld", "log_cosh", "logcosh", "mae", "mape",
        "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_logarithmic_error", "msle", "poisson",
        "squared_hinge",
    ]

    static let laterOptimizers: Set<String> = [
        "Adadelta", "Adafactor", "Adagrad", "AdagradOptimizer", "AdamW", "Adamax", "Ftrl", "FtrlOptimizer", "Lamb",
        "Lion",
        "LossScaleOptimizer", "Muon", "Nadam", "RMSProp", "RMSprop", "RMSPropOptimizer", "adadelta", "adafactor",
        "adagrad",
        "adamax", "adamw", "ftrl", "lamb", "lion", "nadam", "rmsprop",
    ]

    static let laterMetrics: Set<String> = [
        "AUC", "Accuracy", "BinaryCrossentropy", "BinaryIoU", "CategoricalCrossentropy", "CategoricalHinge",
        "CosineSimilarity", "F1Score", "FBetaScore", "FalseNegatives", "FalsePositives", "Hinge", "IoU", "KLDivergence",
        "LogCoshError", "Mean", "MeanAbsolutePercentageError", "MeanIoU", "MeanSquaredLogarithmicError", "OneHotIoU",
        "OneHotMeanIoU", "Poisson", "Precision", "PrecisionAtRecall", "R2Score", "Recall", "RecallAtPrecision",
        "SensitivityAtSpecificity", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy",
        "SpecificityAtSensitivity", "SquaredHinge", "Sum", "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives",
        "binary_crossentropy", "categorical_crossentropy", "cosine_similarity", "hinge", "kl_divergence",
        "sparse_categorical_crossentropy", "sparse_top_k_categorical_accuracy", "squared_hinge",
        "top_k_categorical_accuracy",
    ]

    /// Keras' snake case of a class name: `MaxPooling2D` gives `max_pooling2d`, `ReLU` gives `re_lu`.
    static func snakeCase(_ name: String) -> String {
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
}
