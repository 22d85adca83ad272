import Graph
import Testing

struct PhiloxTests {
    /// The known answers of the authors' Random123 distribution (kat_vectors, philox4x32 10).
    @Test func agreesWithTheAuthorsVectors() {
        let none = Philox(key: 0).block(low: 0, high: 0)
        #expect(none == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
        let all = Philox(key: .max).block(low: .max, high: .max)
        #expect(all == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
        let pi = Philox(key: 0x299f_31d0_a409_3822).block(low: 0x85a3_08d3_243f_6a88, high: 0x0370_7344_1319_8a2e)
        #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
    }

    @Test func unitNumbersStayBelowOne() {
        #expect(Philox.unitFloat(.max) < 1)
        #expect(Philox.unitFloat(0) == 0)
        #expect(Philox.unitDouble(.max, .max) < 1)
        #expect(Philox.unitDouble(0, 0) == 0)
    }
}
