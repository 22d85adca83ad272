import Glibc

/// The machine's memory, against which a plan is held before anything is allocated: an allocation that fails ends the
/// process.
package enum MachineMemory {
    /// Bytes of main memory; the bound of 64 bits where the system does not say.
    package static var bytes: Int {
        let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
        return pages > 0 && size > 0 ? pages.multipliedReportingOverflow(by: size).partialValue : .max
    }

    /// Refuses what the machine can't hold.
    ///
    /// - Throws: `tooLarge`.
    package static func expect(room needed: Int, for what: String) throws(ExecutorError) {
        guard needed > bytes else { return }
        throw ExecutorError(
            .tooLarge,
            "\(what) needs \(needed >> 20) MiB, and the machine has \(bytes >> 20) MiB: a smaller batch or model "
                + "needs less")
    }
}
