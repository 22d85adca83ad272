/// Names that Keras or TensorFlow 1 know and this version does not have yet: they are refused as such, not as mistakes.
package enum KerasNames {
    static let laterLayers: Set<String> = [
        "AbstractRNNCell", "ActivityRegularization", "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D",
        "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D",
        "AtrousConvolution2D", "AugMix", "AutoContrast", "BatchNormalizationV1", "CategoryEncoding", "CenterCrop",
        "ClassMethod", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "CuDNNGRU", "CuDNNLSTM", "CutMix", "Deconvolution2D",
        "Deconvolution3D", "DenseFeatures", "Discretization", "Equalization", "FlaxLayer", "GroupedQueryAttention",
        "GroupQueryAttention", "GRUCell", "GRUV1", "GRUV2", "HashedCrossing", "Hashing", "Highway", "Identity",
        "InstanceProperty", "IntegerLookup", "JaxLayer", "Lambda", "LocallyConnected1D", "LocallyConnected2D",
        "LSTMCell", "LSTMV1", "LSTMV2", "MaxNumBoundingBoxes", "MaxoutDense", "MelSpectrogram", "Merge", "MixUp",
        "MultiHeadAttention",
        "Pipeline", "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
        "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomFourierFeatures",
        "RandomGaussianBlur", "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective",
        "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
        "RandomTranslation", "RandomWidth", "RandomZoom", "Resizing", "ReversibleEmbedding", "RNN", "SimpleRNNCell",
        "SlicingOpLambda", "Solarization", "SpectralNormalization", "StackedRNNCells", "STFTSpectrogram",
        "StringLookup", "TensorFlowOpLayer", "TextVectorization", "TFSMLayer", "TimeDistributedDense",
        "TorchModuleWrapper",
    ]

    static let laterActivations: Set<String> = [
        "glu", "sparsemax", "threshold",
    ]

    static let laterInitializers: Set<String> = [
        "RandomUniformV2", "STFT", "stft", "STFTInitializer",
    ]

    static let laterLosses: Set<String> = [
        "BCE", "bce", "binary_crossentropy", "binary_focal_crossentropy", "BinaryCrossentropy",
        "BinaryFocalCrossentropy", "categorical_crossentropy", "categorical_focal_crossentropy",
        "categorical_generalized_cross_entropy", "categorical_hinge", "CategoricalCrossentropy",
        "CategoricalFocalCrossentropy", "CategoricalGeneralizedCrossEntropy", "CategoricalHinge", "Circle", "circle",
        "cosine_proximity", "cosine_similarity", "CosineProximity", "CosineSimilarity", "CTC", "ctc", "Dice", "dice",
        "Hinge", "hinge", "Huber", "huber", "kl_divergence", "KLD", "kld", "KLDivergence",
        "kullback_leibler_divergence", "KullbackLeiblerDivergence", "log_cosh", "LogCosh", "logcosh",
        "MAE", "mae", "MAPE", "mape", "mean_absolute_error", "mean_absolute_percentage_error",
        "mean_squared_logarithmic_error", "MeanAbsoluteError", "MeanAbsoluteErrorV2", "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError", "MSLE", "msle", "Poisson", "poisson", "squared_hinge", "SquaredHinge",
        "Tversky", "tversky",
    ]

    static let laterOptimizers: Set<String> = [
        "AdagradDAOptimizer", "CrossShardOptimizer", "LARS", "lars", "LossScaleOptimizer", "lossscaleoptimizer",
        "LossScaleOptimizerV3", "MultiOptimizer", "Muon", "muon", "OptimizerMap", "ProximalAdagradOptimizer",
        "ProximalGradientDescentOptimizer", "ScheduleFreeAdamW", "SGDW", "SyncReplicasOptimizer", "TFOptimizer",
    ]

    static let laterSchedules: Set<String> = ["linear_cosine_decay", "noisy_linear_cosine_decay"]

    static let laterMetrics: Set<String> = [
        "Accuracy", "AUC", "auc", "binary_crossentropy", "binary_focal_crossentropy",
        "BinaryCrossentropy", "BinaryIoU", "categorical_crossentropy", "categorical_hinge", "CategoricalCrossentropy",
        "CategoricalHinge", "ConcordanceCorrelation", "ConfusionMatrix", "cosine_proximity", "cosine_similarity",
        "CosineSimilarity", "F1Score", "FalseNegatives", "FalsePositives", "FBetaScore", "Hinge", "hinge", "IoU",
        "kl_divergence", "KLD", "kld", "KLDivergence", "kullback_leibler_divergence", "log_cosh", "LogCosh", "logcosh",
        "LogCoshError", "MAPE", "mape", "Mean", "mean_absolute_percentage_error", "mean_squared_logarithmic_error",
        "MeanAbsolutePercentageError", "MeanIoU", "MeanMetricWrapper", "MeanRelativeError",
        "MeanSquaredLogarithmicError", "MeanTensor", "MSLE", "msle", "OneHotIoU", "OneHotMeanIoU",
        "PearsonCorrelation", "Poisson", "poisson", "Precision", "precision", "PrecisionAtRecall", "R2Score", "Recall",
        "recall", "RecallAtPrecision", "SensitivityAtSpecificity", "sparse_categorical_crossentropy",
        "sparse_top_k_categorical_accuracy", "SparseCategoricalCrossentropy", "SparseTopKCategoricalAccuracy",
        "SpecificityAtSensitivity", "squared_hinge", "SquaredHinge", "Sum", "SumOverBatchSize",
        "top_k_categorical_accuracy", "TopKCategoricalAccuracy", "TrueNegatives", "TruePositives",
    ]

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
}
