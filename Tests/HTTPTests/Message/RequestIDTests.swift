import HTTP
import Testing

@Suite struct RequestIDTests {
    @Test(
        arguments: [
            (0, 0, "00000000-0000000000000000"), (0x9f2c_01ab, 42, "9f2c01ab-000000000000002a"),
            (.max, .max, "ffffffff-ffffffffffffffff"),
        ] as [(UInt32, UInt64, String)])
    func itsTextHasAFixedWidth(run: UInt32, number: UInt64, text: String) {
        #expect(RequestID(run: run, number: number).description == text)
    }
}
