import CHDF5
import Formats

/// The bytes of an HDF5 file of arrays of float32, the same for the same arrays.
enum HDF5Image {
    /// A file with these arrays; the groups of their paths are made.
    ///
    /// - Throws: what the library does not take: a path that is there twice, or that is another one's group.
    static func bytes(_ arrays: [(path: String, array: NDArray)]) throws(FormatError) -> [UInt8] {
        try HDF5Library.locked { () throws(FormatError) in
            guard let file = HDF5Handle(tpud_hdf5_create()) else {
                throw FormatError(.inputOutput, "can't be written: the HDF5 library gives no file")
            }
            for (path, array) in arrays {
                let numbers = array.converted(to: .float32)
                let shape = array.shape.map { hsize_t(clamping: $0) }
                let result = numbers.withUnsafeBytes { bytes in
                    tpud_hdf5_write_floats(
                        file.id, path, Int32(shape.count), shape, bytes.bindMemory(to: Float.self).baseAddress)
                }
                guard result >= 0 else {
                    throw FormatError(.inputOutput, "can't be written: the HDF5 library does not take \(path)")
                }
            }
            let size = tpud_hdf5_image(file.id, nil, 0)
            guard size > 0 else { throw FormatError(.inputOutput, "can't be written: the HDF5 library gives no bytes") }
            var bytes = [UInt8](repeating: 0, count: size)
            guard tpud_hdf5_image(file.id, &bytes, size) == size else {
                throw FormatError(.inputOutput, "can't be written: the HDF5 library gives no bytes")
            }
            return bytes
        }
    }
}
