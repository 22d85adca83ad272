import Formats

extension LayerTable {
    /// Layers for sequences, and those of random numbers.
    static let sequences: [String: Read] = [
        EmbeddingLayer.className: { EmbeddingLayer($0, $1) },
        MaskingLayer.className: { MaskingLayer($0, $1) },
        "Dropout": { DropoutLayer($0, $1) },
        "SpatialDropout1D": { DropoutLayer($0, $1, axes: 1) },
        "SpatialDropout2D": { DropoutLayer($0, $1, axes: 2) },
        "SpatialDropout3D": { DropoutLayer($0, $1, axes: 3) },
        "GaussianNoise": { NoiseLayer.noise($0, $1) },
        "GaussianDropout": { NoiseLayer.dropout($0, $1) },
        "SimpleRNN": { RecurrentLayer($0, $1, SimpleRNNCell.self) },
        "LSTM": { RecurrentLayer($0, $1, LSTMCell.self) },
        "GRU": { RecurrentLayer($0, $1, GRUCell.self) },
        BidirectionalLayer.className: { BidirectionalLayer($0, $1) },
        TimeDistributedLayer.className: { TimeDistributedLayer($0, $1) },
        MultiHeadAttentionLayer.className: { MultiHeadAttentionLayer($0, $1) },
        "Attention": { AttentionLayer($0, $1, isAdditive: false) },
        "AdditiveAttention": { AttentionLayer($0, $1, isAdditive: true) },
        EinsumDenseLayer.className: { EinsumDenseLayer($0, $1) },
        AlphaDropoutLayer.className: { AlphaDropoutLayer($0, $1) },
    ]
}
