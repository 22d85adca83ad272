package import Formats
import Glibc
import Reactor

extension TokenFile {
    /// Bytes that a file may have: those of as many tokens as it may have, and room for comments.
    private static let longest = 4 << 20

    /// Reads the file; waits for the disk.
    /// - Parameter stamp: Of what is known already; default nothing.
    /// - Returns: What it holds, and its stamp; nil where it is what is known.
    /// - Throws: ``TokenFileError``; also when others could change or read it, as then its hashes may not be those that the
    ///   operator put there.
    package static func read(
        _ path: String, unless stamp: FileStamp? = nil
    ) throws(TokenFileError) -> (file: TokenFile, stamp: FileStamp)? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing(path: path) : .system(path: path, SystemError(call: "open", code: errno))
        }
        let file: OpenFile
        do throws(FormatError) {
            file = try OpenFile(owning: descriptor)
        } catch {
            throw .unfit(path: path, detail: error.detail)
        }
        guard let found = FileStamp(descriptor: file.descriptor) else {
            throw .system(path: path, SystemError(call: "fstat", code: errno))
        }
        if found == stamp { return nil }
        return (try contents(of: file, path), found)
    }

    /// Changes the file as a whole, or makes it; waits for the disk, and for whoever changes it meanwhile.
    /// - Parameter makes: Whether it is made where there is none.
    /// - Throws: ``TokenFileError``, and then nothing has changed.
    package static func change<Result>(
        _ path: String, makes: Bool, _ body: (inout TokenFile) throws(TokenFileError) -> Result
    ) throws(TokenFileError) -> Result {
        let opened = try locked(path, makes: makes)
        var file = try contents(of: opened, path)
        if file.text.isEmpty { file = .new }
        let result = try body(&file)
        do throws(SystemError) {
            try WholeFile.replace(path, opened.descriptor, with: Array(file.text.utf8))
        } catch {
            throw .system(path: path, error)
        }
        return result
    }

    /// Opens the file that has the path once nobody else changes it; closing it lets the next one go on.
    private static func locked(_ path: String, makes: Bool) throws(TokenFileError) -> OpenFile {
        while true {
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | (makes ? O_CREAT : 0), 0o600)
            guard descriptor >= 0 else {
                throw errno == ENOENT && !makes
                    ? .missing(path: path) : .system(path: path, SystemError(call: "open", code: errno))
            }
            let file: OpenFile
            do throws(FormatError) {
                file = try OpenFile(owning: descriptor)
            } catch {
                throw .unfit(path: path, detail: error.detail)
            }
            while flock(file.descriptor, LOCK_EX) != 0 {
                guard errno == EINTR else { throw .system(path: path, SystemError(call: "flock", code: errno)) }
            }
            // Whoever changed it before has put another file in its place.
            var (own, present) = (stat(), stat())
            if fstat(file.descriptor, &own) == 0, stat(path, &present) == 0, own.st_ino == present.st_ino,
                own.st_dev == present.st_dev
            {
                return file
            }
        }
    }

    private static func contents(of file: borrowing OpenFile, _ path: String) throws(TokenFileError) -> TokenFile {
        if let fault = SecretFile.danger(file.descriptor, path) { throw .unfit(path: path, detail: fault) }
        let bytes: [UInt8]
        do throws(FormatError) {
            bytes = try file.contents(limit: longest)
        } catch {
            throw .unfit(path: path, detail: error.detail)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unfit(path: path, detail: "is not UTF-8 text")
        }
        return try TokenFile(text: text, path: path)
    }
}
