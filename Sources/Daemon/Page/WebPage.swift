import CPage
import Crypto
import Formats
import FoundationEssentials

/// The page at `/` and its files. The paths of the files have a version in them, which is made of all their bytes: browsers keep
/// them for good, and a daemon of another version has other paths.
package struct WebPage: Sendable {
    /// What the program was built with.
    package static let own = WebPage(files: embedded)

    /// What the paths of its files have in them.
    package let version: String
    /// What is answered at `/`.
    package let index: PageFile
    /// The others, by their names.
    package let files: [String: PageFile]

    /// A page of files, `index.html` among them.
    package init(files: [(name: String, bytes: [UInt8])]) {
        var hash = SHA256()
        for file in files {
            hash.update(data: Array(file.name.utf8))
            hash.update(data: file.bytes)
        }
        let version = Hexadecimal.text(hash.finalize().prefix(8))
        self.version = version
        let others = files.filter { $0.name != Self.indexName }
        self.files = Dictionary(
            uniqueKeysWithValues: others.compactMap { file in
                PageFile(name: file.name, bytes: file.bytes, keeping: .forever).map { (file.name, $0) }
            })
        let text = String(decoding: files.first { $0.name == Self.indexName }?.bytes ?? [], as: UTF8.self)
        // Without these lines a browser would find modules one after another, as they import one another.
        let preloads = others.map(\.name).filter { $0.hasSuffix(".js") && $0 != Self.classicScript }.map {
            "<link rel=\"modulepreload\" href=\"/page/VERSION/\($0)\">"
        }
        let whole = text.replacing("<!-- PRELOAD -->", with: preloads.joined(separator: "\n"))
            .replacing("/page/VERSION/", with: "/page/\(version)/")
        let (painted, inlined) = Self.inlining(whole, "/page/\(version)/", files: others)
        let made = PageFile(name: Self.indexName, bytes: Array(painted.utf8), keeping: .asks, inlined: inlined)
        guard let index = made else {
            preconditionFailure("the type of HTML is known")
        }
        self.index = index
    }

    /// What the first paint waits for stands in the HTML itself, so that one answer is enough for it: the style sheets, and the
    /// script that sets the theme.
    private static func inlining(
        _ text: String, _ folder: String, files: [(name: String, bytes: [UInt8])]
    ) -> (text: String, inlined: PageFile.Inlined) {
        var text = text
        var inlined = PageFile.Inlined()
        for file in files {
            let content = String(decoding: file.bytes, as: UTF8.self)
            let hash = "sha256-" + Data(SHA256.hash(data: file.bytes)).base64EncodedString()
            let sheet = "<link rel=\"stylesheet\" href=\"\(folder)\(file.name)\">"
            let script = "<script src=\"\(folder)\(file.name)\"></script>"
            if text.contains(sheet) {
                text = text.replacing(sheet, with: "<style>\(content)</style>")
                inlined.styles.append(hash)
            } else if text.contains(script) {
                text = text.replacing(script, with: "<script>\(content)</script>")
                inlined.scripts.append(hash)
            }
        }
        return (text, inlined)
    }

    /// The file of a path; nil for another version's.
    package func file(version: String?, name: String?) -> PageFile? {
        guard let name, version == self.version else { return nil }
        return files[name]
    }

    private static let indexName = "index.html"
    /// It runs before the first paint, so it is not a module.
    private static let classicScript = "theme.js"

    /// The files of the folder Assets, in the order of their names.
    private static var embedded: [(name: String, bytes: [UInt8])] {
        // unsafe: the bytes are constants of the program.
        UnsafeBufferPointer(start: tpud_page_files(), count: tpud_page_file_count()).map { file in
            (String(cString: file.name), Array(UnsafeBufferPointer(start: file.bytes, count: file.length)))
        }
    }
}
