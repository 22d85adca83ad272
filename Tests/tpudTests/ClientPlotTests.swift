import Formats
import Testing

/// The curves that `tpuctl plot` draws.
@Suite(.timeLimit(.minutes(10))) struct ClientPlotTests {
    private static let id = "01m8n4aqc1drm1m3wa9akmcz82"

    private func plot(_ series: JSON, _ arguments: [String] = []) throws -> (status: Int32, output: String) {
        let daemon = try ScriptedDaemon { _ in .json(["series": series]) }
        return try withExtendedLifetime(daemon) {
            try Binary.run(Binary.tpuctl, ["plot", Self.id, "--url", daemon.address] + arguments)
        }
    }

    private func points(_ values: [Double?]) -> JSON {
        .array(values.enumerated().map { [JSON($0 * 10), .optional($1) { JSON($0) }, 0] })
    }

    @Test func aFallingLineGoesFromTheUpperLeft() throws {
        let (status, output) = try plot(
            ["loss": points((0...9).map { 9 - Double($0) })], ["--width", "20", "--height", "4"])
        #expect(status == 0)
        #expect(
            output == """
                loss  0 at step 90, from 0 to 9
                9 ⠑⠢⠤⣀⡀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀
                  ⠀⠀⠀⠀⠈⠑⠢⢄⣀⠀⠀⠀⠀⠀⠀⠀⠀⠀
                  ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠒⠤⣀⠀⠀⠀⠀⠀
                0 ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠉⠑⠒⠤⣀
                  0               90

                """)
    }

    @Test func whatIsNotFiniteLeavesAGap() throws {
        let (_, output) = try plot(["loss": points([1, nil, 1])], ["--width", "20", "--height", "2"])
        #expect(
            output == """
                loss  1 at step 20, from 1 to 1
                1 ⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀
                1 ⡀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⢀
                  0               20

                """)
        #expect(try plot(["loss": points([nil])]).output == "loss  no finite number\n")
        #expect(try plot([:]).output == "the job has reported nothing yet\n")
    }

    /// Numbers at the ends of what a double holds neither trap nor leave the picture.
    @Test func extremeNumbersAreDrawn() throws {
        let huge = Double.greatestFiniteMagnitude
        let (status, output) = try plot(
            ["x": points([-huge, huge, .leastNonzeroMagnitude, 0])], ["--width", "30", "--height", "3"])
        #expect(status == 0 && output.split(separator: "\n").count == 5, "\(output)")
        #expect(try plot(["x": points([1])], ["--width", "20"]).status == 0)
    }

    @Test(arguments: [["--width", "3"], ["--width", "1001"], ["--height", "1"]])
    func anImpossibleSizeIsRefused(size: [String]) throws {
        let (status, output) = try plot(["loss": points([1, 2])], size)
        #expect(status == 2 && output.contains("expected \(size[0])"), "\(output)")
    }

    @Test func theSeriesThatAreAskedForAreFetched() throws {
        let daemon = try ScriptedDaemon { target in
            .json(["series": ["\(target.contains("name=eval%2Floss"))": [[0, 1, 0]]]])
        }
        let (_, output) = try withExtendedLifetime(daemon) {
            try Binary.run(
                Binary.tpuctl, ["plot", Self.id, "--url", daemon.address, "--name", "eval/loss", "--output", "json"])
        }
        #expect(try JSON(parsing: output)["series"]?["true"] != nil, "\(output)")
    }
}
