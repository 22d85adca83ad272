import Daemon
import Foundation
import TestSupport
import Testing

@Suite struct SettingExampleTests {
    private let loader = ConfigurationLoader(cores: 4)

    @Test func theShippedFileIsTheManifest() throws {
        let file = try String(contentsOf: ProjectFiles.root.appending(path: "etc/tpud.yaml"), encoding: .utf8)
        #expect(file == Setting.exampleFile)
        #expect(try loader.load([.file(text: file, name: "tpud.yaml")]) == loader.load([]))
    }

    @Test func noLineIsTooLongAndEveryKeyIsOnALine() {
        let lines = Setting.exampleFile.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines { #expect(line.count <= 120, "\(line)") }
        for setting in Setting.all {
            #expect(lines.contains("\(setting.key): \(setting.standard)"), "\(setting.key)")
            let ways = "\(setting.variable), \(setting.flag)" + (setting.reloadable ? "; reload" : "")
            #expect(lines.contains { $0.hasPrefix("# ") && $0.hasSuffix("; " + ways) }, "\(setting.key)")
        }
    }
}
