import CHDF5
import Formats
import Glibc
import OrderedCollections

/// An HDF5 file open for reading: groups in groups, and arrays of numbers in them. What lies in other files is not read, nor what
/// is reached by other than plain links.
final class HDF5File: Sendable {
    /// An array.
    struct Entry: Sendable, Hashable {
        /// The numbers' type; nil for one that is not read.
        let type: ElementType?
        let shape: [Int]
    }

    /// Groups and arrays that are looked at.
    private static let mostObjects = 200_000
    /// Groups that may be around another.
    private static let mostLevels = 64
    private static let longestName = 4096
    /// Bytes of an attribute.
    private static let largestAttribute = 64 << 20

    private let file: hid_t
    /// The file's bytes where they are in memory.
    private let image: Image?

    /// Opens the file behind a descriptor, which may be closed then.
    init(descriptor: Int32) throws(FormatError) {
        file = try HDF5Library.locked { () throws(FormatError) in
            // The library opens files by name alone.
            let file = tpud_hdf5_open("/proc/self/fd/\(descriptor)")
            guard file >= 0 else { throw FormatError(.malformed, "is damaged, or not an HDF5 file") }
            return file
        }
        image = nil
    }

    /// Opens a file whose bytes are in memory.
    init(_ image: Image) throws(FormatError) {
        file = try HDF5Library.locked { () throws(FormatError) in
            let file = tpud_hdf5_open_image(image.bytes, image.size)
            guard file >= 0 else { throw FormatError(.malformed, "has damaged weights: they are not an HDF5 file") }
            return file
        }
        self.image = image
    }

    deinit { _ = try? HDF5Library.locked { () throws(FormatError) in H5Idec_ref(file) } }

    /// Bytes that stay where they are for as long as the library may look at them.
    // unchecked: filled before it is handed on, and then read by the library alone, under its lock.
    final class Image: @unchecked Sendable {
        fileprivate let bytes: UnsafeMutableRawPointer
        let size: Int
        private var filled = 0

        /// Memory for so many bytes; nil where there is not so much.
        init?(size: Int) {
            guard let bytes = malloc(max(size, 1)) else { return nil }
            self.bytes = bytes
            self.size = size
        }

        deinit { free(bytes) }

        /// Adds bytes at the end; those that are too many are left out.
        func append(_ more: ArraySlice<UInt8>) {
            let count = min(more.count, size - filled)
            more.withUnsafeBytes {
                if let base = $0.baseAddress { (bytes + filled).copyMemory(from: base, byteCount: count) }
            }
            filled += count
        }
    }

    // MARK: What there is

    /// All arrays by their paths, but for those in the groups of these names at the top.
    func entries(except left: Set<String>) throws(FormatError) -> OrderedDictionary<String, Entry> {
        try HDF5Library.locked { () throws(FormatError) in
            var listing = Listing(left: left)
            guard let root = HDF5Handle(tpud_hdf5_object(file, "/")) else { throw HDF5File.damaged }
            try HDF5File.list(root, at: "", level: 0, &listing)
            return listing.entries
        }
    }

    private struct Listing {
        var entries: OrderedDictionary<String, Entry> = [:]
        var objects = 0
        let left: Set<String>
    }

    private static let damaged = FormatError(.malformed, "is damaged: the HDF5 library can't read all of it")

    private static func list(
        _ group: borrowing HDF5Handle, at path: String, level: Int, _ listing: inout Listing
    ) throws(FormatError) {
        guard level <= mostLevels else { throw FormatError(.tooLarge, "has groups more than \(mostLevels) deep") }
        for place in 0..<tpud_hdf5_link_count(group.id) {
            listing.objects += 1
            guard listing.objects <= mostObjects else {
                throw FormatError(.tooLarge, "has more than \(mostObjects) groups and arrays")
            }
            let name = try name(of: place, in: group)
            if level == 0, listing.left.contains(name) || tpud_hdf5_is_hard_link(group.id, name) == 0 { continue }
            guard tpud_hdf5_is_hard_link(group.id, name) != 0 else { continue }
            guard let object = HDF5Handle(tpud_hdf5_object(group.id, name)) else { throw damaged }
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            switch H5Iget_type(object.id) {
            case H5I_GROUP: try list(object, at: inner, level: level + 1, &listing)
            case H5I_DATASET: listing.entries[inner] = try entry(object, inner)
            default: continue
            }
        }
    }

    private static func name(of place: hsize_t, in group: borrowing HDF5Handle) throws(FormatError) -> String {
        let length = tpud_hdf5_link_name(group.id, place, nil, 0)
        guard length > 0 else { throw damaged }
        guard length <= longestName else { throw FormatError(.tooLarge, "has a name of \(length) bytes") }
        var bytes = [CChar](repeating: 0, count: length + 1)
        guard tpud_hdf5_link_name(group.id, place, &bytes, bytes.count) == length else { throw damaged }
        guard let name = String(validating: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self),
            !name.utf8.contains(0)
        else { throw FormatError(.malformed, "has a name that is not UTF-8") }
        return name
    }

    private static func entry(_ dataset: borrowing HDF5Handle, _ path: String) throws(FormatError) -> Entry {
        guard let space = HDF5Handle(H5Dget_space(dataset.id)), let type = HDF5Handle(H5Dget_type(dataset.id)) else {
            throw damaged
        }
        let rank = Int(H5Sget_simple_extent_ndims(space.id))
        guard (0...32).contains(rank) else { throw damaged }
        var extents = [hsize_t](repeating: 0, count: rank)
        guard H5Sget_simple_extent_dims(space.id, &extents, nil) == Int32(rank) else { throw damaged }
        let shape = extents.map { Int(clamping: $0) }
        let known = tpud_hdf5_is_inside(dataset.id) != 0 ? ElementType(hdf5: tpud_hdf5_number_kind(type.id)) : nil
        guard (known ?? .float64).bytes(ofShape: shape) != nil else {
            throw FormatError(.malformed, "The array \(path.quotedForMessage) has a shape whose size overflows")
        }
        return Entry(type: known, shape: shape)
    }

    // MARK: Numbers and words

    /// The numbers of an array that ``entries(except:)`` has told, as float32; `shape` is the one told there.
    func floats(_ path: String, shape: [Int]) throws(FormatError) -> NDArray {
        var array = NDArray(zeros: .float32, shape: shape)
        array = try HDF5Library.locked { () throws(FormatError) in
            guard let dataset = HDF5Handle(tpud_hdf5_object(file, path)), H5Iget_type(dataset.id) == H5I_DATASET,
                try HDF5File.entry(dataset, path).shape == shape
            else { throw HDF5File.damaged }
            var numbers = array
            let isRead = numbers.withUnsafeMutableBytes { bytes in
                bytes.isEmpty
                    || tpud_hdf5_read_floats(dataset.id, bytes.bindMemory(to: Float.self).baseAddress) >= 0
            }
            guard isRead else {
                throw FormatError(.malformed, "The array \(path.quotedForMessage) can't be read: the file is damaged")
            }
            return numbers
        }
        return array
    }

    /// The strings of an attribute of a group, one or many; nil where it has none of this name.
    func strings(_ name: String, of path: String) throws(FormatError) -> [String]? {
        try HDF5Library.locked { () throws(FormatError) in
            guard let group = HDF5Handle(tpud_hdf5_object(file, path.isEmpty ? "/" : path)),
                let attribute = HDF5Handle(tpud_hdf5_attribute(group.id, name))
            else { return nil }
            guard let space = HDF5Handle(H5Aget_space(attribute.id)),
                let type = HDF5Handle(H5Aget_type(attribute.id))
            else { throw HDF5File.damaged }
            let count = Int(H5Sget_simple_extent_npoints(space.id))
            // NumPy's empty lists are of numbers.
            if count == 0 { return [] }
            guard H5Tget_class(type.id) == H5T_STRING else {
                throw FormatError(.malformed, "has an attribute \(name.quotedForMessage) that is not text")
            }
            let size = H5Tget_size(type.id)
            let (bytes, overflow) = max(count, 0).multipliedReportingOverflow(by: size)
            guard count > 0, !overflow, bytes <= HDF5File.largestAttribute else { throw HDF5File.damaged }
            return H5Tis_variable_str(type.id) > 0
                ? try HDF5File.pointed(attribute, type, space, count)
                : try HDF5File.fixed(attribute, type, count: count, size: size)
        }
    }

    private static func fixed(
        _ attribute: borrowing HDF5Handle, _ type: borrowing HDF5Handle, count: Int, size: Int
    ) throws(FormatError) -> [String] {
        var bytes = [UInt8](repeating: 0, count: count * size)
        guard H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw damaged }
        return (0..<count).map { place in
            String(decoding: bytes[(place * size)..<((place + 1) * size)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private static func pointed(
        _ attribute: borrowing HDF5Handle, _ type: borrowing HDF5Handle, _ space: borrowing HDF5Handle, _ count: Int
    ) throws(FormatError) -> [String] {
        var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
        guard H5Aread(attribute.id, type.id, &pointers) >= 0 else { throw damaged }
        let strings = pointers.map { $0.map { String(cString: $0) } ?? "" }
        tpud_hdf5_reclaim(type.id, space.id, &pointers)
        return strings
    }
}

extension ElementType {
    /// The type by its number in the library's wrapper; nil for those that are not read.
    fileprivate init?(hdf5 kind: Int32) {
        switch tpud_hdf5_kind(UInt32(clamping: kind)) {
        case tpud_hdf5_float16: self = .float16
        case tpud_hdf5_float32: self = .float32
        case tpud_hdf5_float64: self = .float64
        case tpud_hdf5_int8: self = .int8
        case tpud_hdf5_int16: self = .int16
        case tpud_hdf5_int32: self = .int32
        case tpud_hdf5_int64: self = .int64
        case tpud_hdf5_uint8: self = .uint8
        case tpud_hdf5_uint16: self = .uint16
        case tpud_hdf5_uint32: self = .uint32
        case tpud_hdf5_uint64: self = .uint64
        default: return nil
        }
    }
}
