import ScannerProtocols
import Testing

struct EmulatedFieldTests {
  /// Three tags, twelve seconds in the field and six away: the second comes at six seconds, the third at twelve.
  private let field = EmulatedField(tags: [[1, 1], [2, 2], [3, 3]])

  private func heard(_ seconds: Double) -> [UInt8] {
    field.reads(at: .seconds(seconds), clock: 0).compactMap(\.epc.first)
  }

  @Test func `the first tag stays, the others come one after the other, go, and come again`() {
    #expect(heard(0) == [1] && heard(5.9) == [1])
    #expect(heard(6) == [1, 2] && heard(11.9) == [1, 2])
    #expect(heard(12) == [1, 2, 3] && heard(17.9) == [1, 2, 3])
    #expect(heard(18) == [1, 3] && heard(23.9) == [1, 3])
    #expect(heard(24) == [1, 2], "the second is there again, the third has gone")
  }

  @Test func `a tag passes from the first antenna to the second, strongest in between`() throws {
    func second(_ seconds: Double) throws -> TagRead {
      try #require(field.reads(at: .seconds(seconds), clock: 7).first { $0.epc == [2, 2] })
    }
    #expect(try second(6).antenna == 1 && second(11.9).antenna == 1)
    #expect(try second(12).antenna == 2 && second(17.9).antenna == 2)
    #expect(try second(6).strength == .dBm(-65) && second(12).strength == .dBm(-45))
    #expect(try second(17.9).strength == .dBm(-65))
    #expect(try second(6).lastSeen == .utc(microseconds: 7))
  }

  @Test func `no tags, and times of no length, are no fault`() {
    #expect(EmulatedField(tags: []).reads(at: .seconds(5), clock: 0).isEmpty)
    #expect(EmulatedField(tags: [[1], [2]], stay: .zero, absence: .zero).reads(at: .seconds(5), clock: 0).count <= 2)
  }
}
