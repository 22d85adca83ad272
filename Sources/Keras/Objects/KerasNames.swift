/// Names that Keras or TensorFlow 1 know and this version does not have yet: they are refused as such, not as mistakes.
package enum KerasNames {
    static let laterLayers: Set<String> = [
        "AbstractRNNCell", "ActivityRegularization", "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D",
        "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D",
        "AdditiveAttention", "AlphaDropout", "AtrousConvolution2D", "Attention", "AugMix", "AutoContrast",
        "AveragePooling1D", "AveragePooling2D", "AveragePooling3D", "AvgPool1D", "AvgPool2D", "AvgPool3D",
        "BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2", "Bidirectional", "CategoryEncoding",
        "CenterCrop", "ClassMethod", "Conv1D", "Conv1DTranspose", "Conv2D", "Conv2DTranspose", "Conv3D",
        "Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Convolution1D", "Convolution1DTranspose",
        "Convolution2D", "Convolution2DTranspose", "Convolution3D", "Convolution3DTranspose", "Cropping1D",
        "Cropping2D", "Cropping3D", "CuDNNGRU", "CuDNNLSTM", "CutMix", "Deconvolution2D", "Deconvolution3D",
        "DenseFeatures", "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "Dot", "Dropout", "EinsumDense",
        "ELU", "Embedding", "Equalization", "FlaxLayer", "GaussianDropout", "GaussianNoise",
        "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D", "GlobalAvgPool1D",
        "GlobalAvgPool2D", "GlobalAvgPool3D", "GlobalMaxPool1D", "GlobalMaxPool2D", "GlobalMaxPool3D",
        "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GroupedQueryAttention",
        "GroupNormalization", "GroupQueryAttention", "GRU", "GRUCell", "GRUV1", "GRUV2", "HashedCrossing", "Hashing",
        "Highway", "Identity", "InstanceProperty", "IntegerLookup", "JaxLayer", "Lambda", "LayerNormalization",
        "LeakyReLU", "LocallyConnected1D", "LocallyConnected2D", "LSTM", "LSTMCell", "LSTMV1", "LSTMV2", "Masking",
        "MaxNumBoundingBoxes", "MaxoutDense", "MaxPool1D", "MaxPool2D", "MaxPool3D", "MaxPooling1D",
        "MaxPooling2D", "MaxPooling3D", "MelSpectrogram", "Merge", "MixUp", "MultiHeadAttention",
        "Normalization", "Permute", "Pipeline", "PReLU", "RandAugment", "RandomBrightness",
        "RandomColorDegeneration", "RandomColorJitter", "RandomContrast", "RandomCrop", "RandomElasticTransform",
        "RandomErasing", "RandomFlip", "RandomFourierFeatures", "RandomGaussianBlur", "RandomGrayscale",
        "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation",
        "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomWidth", "RandomZoom", "ReLU",
        "RepeatVector", "Reshape", "Resizing", "ReversibleEmbedding", "RMSNormalization", "RNN", "SeparableConv1D",
        "SeparableConv2D", "SeparableConvolution1D", "SeparableConvolution2D", "SimpleRNN",
        "SimpleRNNCell", "SlicingOpLambda", "Softmax", "Solarization", "SpatialDropout1D", "SpatialDropout2D",
        "SpatialDropout3D", "SpectralNormalization", "StackedRNNCells", "STFTSpectrogram", "StringLookup",
        "SyncBatchNormalization", "TensorFlowOpLayer", "TextVectorization", "TFSMLayer",
        "ThresholdedReLU", "TimeDistributed", "TimeDistributedDense", "TorchModuleWrapper", "UnitNormalization",
        "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
    ]

    static let laterActivations: Set<String> = [
        "celu", "glu", "hard_shrink", "hard_silu", "hard_swish", "hard_tanh", "log_sigmoid", "mish", "soft_shrink",
        "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus", "tanh_shrink", "threshold",
    ]

    static let laterInitializers: Set<String> = [
        "Identity", "identity", "IdentityInitializer", "Orthogonal", "orthogonal", "OrthogonalInitializer",
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
