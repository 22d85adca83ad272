/// What a file is by its first bytes, said of a file that was asked for as something else.
package enum FileKind: Sendable, Hashable, CaseIterable {
    case gzip, bzip2, xz, zstd, lz4, compress
    case zip, sevenZip, rar, tar
    case utf16, utf32
    case largeFilePointer
    case hdf5, numpy, pickle, parquet, arrow, sqlite, idx, safetensors
    case pdf, png, jpeg, html

    /// Bytes of a file's start that tell every kind.
    package static let prefixSize = 512

    /// The kind that the first bytes tell; nil when they tell none of these.
    package init?(_ prefix: [UInt8]) {
        // The length of a safetensors header can look like any signature: this comes first.
        if prefix.count >= 9, prefix[8] == UInt8(ascii: "{"), prefix[4..<8].allSatisfy({ $0 == 0 }) {
            self = .safetensors
        } else if let known = FileKind.signatures.first(where: { prefix.starts(with: $0.bytes) }) {
            self = known.kind
        } else if FileKind.pointers.contains(where: { prefix.starts(with: Array($0.utf8)) }) {
            self = .largeFilePointer
        } else if prefix.count >= 262, prefix[257...].starts(with: Array("ustar".utf8)), prefix.contains(0) {
            self = .tar
        } else if prefix.count >= 4, prefix[0] == 0, prefix[1] == 0, 8...14 ~= prefix[2], 1...16 ~= prefix[3] {
            self = .idx
        } else if FileKind.isHTML(prefix) {
            self = .html
        } else if let wide = FileKind.wideText(prefix) {
            self = wide
        } else {
            return nil
        }
    }

    private static let pointers = ["version https://git-lfs", "/annex/objects/"]

    /// Longer signatures come before those that they begin with.
    private static let signatures: [(bytes: [UInt8], kind: FileKind)] =
        [
            ([0x1F, 0x8B], .gzip), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .xz),
            ([0x28, 0xB5, 0x2F, 0xFD], .zstd), ([0x04, 0x22, 0x4D, 0x18], .lz4), ([0x1F, 0x9D], .compress),
            ([0x50, 0x4B, 0x03, 0x04], .zip), ([0x50, 0x4B, 0x05, 0x06], .zip),
            ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .sevenZip), ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], .rar),
            ([0xFF, 0xFE, 0x00, 0x00], .utf32), ([0x00, 0x00, 0xFE, 0xFF], .utf32),
            ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16),
            ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], .hdf5), ([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59], .numpy),
            ([0x80, 0x02], .pickle), ([0x80, 0x03], .pickle), ([0x80, 0x04], .pickle), ([0x80, 0x05], .pickle),
            (Array("PAR1\u{15}".utf8), .parquet), (Array("ARROW1\0".utf8), .arrow),
            (Array("SQLite format 3\0".utf8), .sqlite),
            (Array("%PDF-".utf8), .pdf), ([0x89, 0x50, 0x4E, 0x47], .png), ([0xFF, 0xD8, 0xFF], .jpeg),
        ] + (1...9).map { (Array("BZh\($0)".utf8), .bzip2) }

    private static func isHTML(_ prefix: [UInt8]) -> Bool {
        let text = String(decoding: prefix.prefix(64), as: UTF8.self).lowercased()
        let start = text.drop { $0.isWhitespace }
        return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
    }

    /// Text of two or four bytes a character, without a mark at its start: every other byte of plain letters is zero.
    private static func wideText(_ prefix: [UInt8]) -> FileKind? {
        let bytes = prefix.prefix(64)
        guard bytes.count >= 8 else { return nil }
        func isText(_ byte: UInt8) -> Bool { 0x20..<0x7F ~= byte || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        let whole = bytes.prefix(bytes.count / 4 * 4)
        let zeros = whole.indices.map { whole[$0] == 0 }
        func isEvery(_ width: Int, _ place: Int) -> Bool {
            whole.indices.allSatisfy { zeros[$0] == ($0 % width != place) && (zeros[$0] || isText(whole[$0])) }
        }
        if isEvery(2, 0) || isEvery(2, 1) { return .utf16 }
        if isEvery(4, 0) || isEvery(4, 3) { return .utf32 }
        return nil
    }

    /// "a file compressed with bzip2".
    package var words: String {
        switch self {
        case .gzip: "a file compressed with gzip"
        case .bzip2: "a file compressed with bzip2"
        case .xz: "a file compressed with xz"
        case .zstd: "a file compressed with zstd"
        case .lz4: "a file compressed with lz4"
        case .compress: "a file compressed with compress"
        case .zip: "a zip archive (as .zip, .xlsx, .npz, .keras and .pt files are)"
        case .sevenZip: "a 7z archive"
        case .rar: "a rar archive"
        case .tar: "a tar archive"
        case .utf16: "text in UTF-16"
        case .utf32: "text in UTF-32"
        case .largeFilePointer: "a large-file pointer: a few words that name a file which was not fetched"
        case .hdf5: "an HDF5 file (as .h5 and .hdf5 files are)"
        case .numpy: "a NumPy file"
        case .pickle: "a Python pickle"
        case .parquet: "a Parquet file"
        case .arrow: "an Arrow file"
        case .sqlite: "an SQLite database"
        case .idx: "an IDX file"
        case .safetensors: "a safetensors file"
        case .pdf: "a PDF document"
        case .png: "a PNG picture"
        case .jpeg: "a JPEG picture"
        case .html: "a web page"
        }
    }

    private var wayOut: String {
        switch self {
        case .gzip, .bzip2, .xz, .zstd, .lz4, .compress: "; decompress it first"
        case .zip, .sevenZip, .rar, .tar: "; unpack it first"
        case .utf16, .utf32: "; save it as UTF-8"
        case .largeFilePointer: "; fetch the file itself (git lfs pull, git annex get)"
        default: ""
        }
    }

    /// The error of a file that is of this kind and not the expected one, as "a CSV file".
    package func mismatch(expected: String) -> FormatError {
        FormatError(.unsupported, "is \(words), not \(expected)\(wayOut)")
    }
}
