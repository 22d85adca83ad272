import CHDF5
import Formats
import Synchronization

/// The one way to libhdf5, which may be used by one thread at a time.
enum HDF5Library {
    private static let isReady = Mutex(false)

    /// Calls the closure while nobody else uses the library; never from within another such closure.
    static func locked<Result: Sendable>(_ body: () throws(FormatError) -> Result) throws(FormatError) -> Result {
        try isReady.withLock { isReady throws(FormatError) in
            if !isReady { tpud_hdf5_start() }
            isReady = true
            tpud_hdf5_quiet()
            return try body()
        }
    }
}

/// What the library has opened; it is closed when the value goes, which must be under the library's lock.
struct HDF5Handle: ~Copyable {
    let id: hid_t

    /// Takes over what a call has opened; nil where it failed.
    init?(_ id: hid_t) {
        guard id >= 0 else { return nil }
        self.id = id
    }

    deinit { H5Idec_ref(id) }
}
