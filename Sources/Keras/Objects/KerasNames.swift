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
        "Pipeline", "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
        "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomFourierFeatures",
        "RandomGaussianBlur", "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert", "RandomPerspective",
        "RandomPosterization", "RandomRotation", "RandomSaturation", "RandomSharpness", "RandomShear",
        "RandomTranslation", "RandomWidth", "RandomZoom", "Resizing", "ReversibleEmbedding", "RNN", "SimpleRNNCell",
        "SlicingOpLambda", "Solarization", "SpectralNormalization", "StackedRNNCells", "STFTSpectrogram",
        "StringLookup", "TensorFlowOpLayer", "TextVectorization", "TFSMLayer", "TimeDistributedDense",
        "TorchModuleWrapper",
    ]

    static let laterInitializers: Set<String> = [
        "RandomUniformV2", "STFT", "stft", "STFTInitializer",
    ]

    static let laterLosses: Set<String> = ["crossentropy", "ce"]

    static let laterOptimizers: Set<String> = [
        "AdagradDAOptimizer", "CrossShardOptimizer", "LARS", "lars", "LossScaleOptimizer", "lossscaleoptimizer",
        "LossScaleOptimizerV3", "MultiOptimizer", "Muon", "muon", "OptimizerMap", "ProximalAdagradOptimizer",
        "ProximalGradientDescentOptimizer", "ScheduleFreeAdamW", "SGDW", "SyncReplicasOptimizer", "TFOptimizer",
    ]

    static let laterSchedules: Set<String> = ["noisy_linear_cosine_decay"]

    static let laterMetrics: Set<String> = ["ConfusionMatrix"]

    /// Metrics of numbers and their weights. They can't be called with labels and predictions, in Keras neither.
    static let metricsOfNumbers: Set<String> = ["Mean", "MeanTensor", "Sum", "SumOverBatchSize"]
}
