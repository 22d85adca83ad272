package import Formats

/// Where an input's records come from, as values: the contract's section 4, `source`.
package enum SourceDefinition: Sendable, Hashable {
    /// Two IDX files (MNIST's format; plain or gzip); the labels may be missing.
    case idx(features: String, labels: String?)
    /// A CSV file with a header row; see ``CSVDefinition``.
    case csv(CSVDefinition)
    /// Tensors of a safetensors file whose first dimension counts records; weights are of the labels' losses.
    case safetensors(path: String, features: [String], labels: [String], weights: [String] = [])
    /// The bytes of a file in sequences; see ``TextDefinition``.
    case text(TextDefinition)
    /// Made-up records; see ``SyntheticDefinition``.
    case synthetic(SyntheticDefinition)
}

/// A file whose bytes are the features, in sequences, and the bytes one further on the labels.
package struct TextDefinition: Sendable, Hashable {
    /// The file, under a data root.
    package let path: String
    /// Bytes of a sequence.
    package let sequenceLength: Int
    /// Bytes from the beginning of a sequence to that of the next one.
    package let sequenceStride: Int

    /// A definition; sequences lie one behind the other unless said otherwise.
    package init(path: String, sequenceLength: Int, sequenceStride: Int? = nil) {
        self.path = path
        self.sequenceLength = sequenceLength
        self.sequenceStride = sequenceStride ?? sequenceLength
    }
}

/// A CSV file (RFC 4180) with a header row: numeric columns become one float32 vector.
package struct CSVDefinition: Sendable, Hashable {
    /// The file, under a data root.
    package let path: String
    /// The label's column; nil for records without labels.
    package let label: String?
    /// The feature columns in their order; nil for all but the label and the weights.
    package let features: [String]?
    /// What the label column holds; nil: whole numbers when the first rows have nothing else.
    package let labelType: CSVColumns.LabelType?
    /// Columns whose type was said, each of which must be there.
    package let typedColumns: [String]
    /// The column of the rows' weights; nil: all count the same.
    package let weight: String?

    /// A definition; all columns but the label and the weights are features unless named.
    package init(
        path: String, label: String?, features: [String]? = nil, labelType: CSVColumns.LabelType? = nil,
        typedColumns: [String] = [], weight: String? = nil
    ) {
        self.weight = weight
        self.path = path
        self.label = label
        self.features = features
        self.labelType = labelType
        self.typedColumns = typedColumns
    }
}

/// Records made from a seed: record r is the same whatever was read before.
package struct SyntheticDefinition: Sendable, Hashable {
    /// What the labels are.
    package enum Labels: Sendable, Hashable {
        /// No labels.
        case none
        /// Class numbers, int32 scalars from 0 to below the number.
        case classes(Int)
        /// An array of uniform numbers.
        case array(type: ElementType, shape: [Int])
    }

    /// The features' type: a floating-point type (uniform in [0, 1)) or a whole-number type (uniform in [0, 256), held
    /// to the type's range).
    package let type: ElementType
    /// One record's shape.
    package let shape: [Int]
    /// The labels.
    package let labels: Labels
    /// The number of records.
    package let examples: Int
    /// Where the numbers come from.
    package let seed: UInt64

    /// A definition.
    package init(type: ElementType, shape: [Int], labels: Labels, examples: Int, seed: UInt64) {
        self.type = type
        self.shape = shape
        self.labels = labels
        self.examples = examples
        self.seed = seed
    }
}

/// What a look at a source has shown.
package struct SourceSummary: Sendable, Hashable {
    /// The number of records; nil when only reading everything would tell.
    package let count: Int?
    /// The arrays of each record.
    package let layout: RecordLayout
    /// The first labels, where the look has seen any.
    package let labels: LabelSample?

    /// A summary; without labels that were seen unless given.
    package init(count: Int?, layout: RecordLayout, labels: LabelSample? = nil) {
        self.count = count
        self.layout = layout
        self.labels = labels
    }
}

/// How much a look reads and how much a source may hold.
package struct SourceLimits: Sendable, Hashable {
    /// Rows of a CSV file that a look reads; default 10,000.
    package var checkedRows: Int
    /// Bytes of a source's decoded arrays; default 8 GiB.
    package var bytes: Int
    /// Bytes of mapped records that are kept in memory instead of being mapped again each epoch; default 2 GiB.
    package var cachedBytes: Int

    /// Limits; each has its default.
    package init(checkedRows: Int = 10_000, bytes: Int = 8 << 30, cachedBytes: Int = 2 << 30) {
        self.checkedRows = checkedRows
        self.bytes = bytes
        self.cachedBytes = cachedBytes
    }
}
