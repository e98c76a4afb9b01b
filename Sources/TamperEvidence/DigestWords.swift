/// The 32 bytes of a SHA-256 digest as four big-endian words rather than an array: digests are compared and copied per
/// entry, and must not allocate.
struct DigestWords: Hashable, Sendable {
  static let byteCount = 32
  static let zero = DigestWords(a: 0, b: 0, c: 0, d: 0)

  private let a, b, c, d: UInt64

  private init(a: UInt64, b: UInt64, c: UInt64, d: UInt64) {
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// Exactly 32 bytes.
  init(_ raw: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
    }
    self.init(a: word(0), b: word(1), c: word(2), d: word(3))
  }

  /// Nil unless there are exactly 32 bytes.
  init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self = Array(bytes).withUnsafeBytes(DigestWords.init)
  }

  var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      write(to: UnsafeMutableRawBufferPointer(buffer))
      count = Self.byteCount
    }
  }

  /// Writes 32 bytes at the start of `buffer`.
  func write(to buffer: UnsafeMutableRawBufferPointer) {
    for (index, word) in [a, b, c, d].enumerated() {
      buffer.storeBytes(of: word.bigEndian, toByteOffset: index * 8, as: UInt64.self)
    }
  }
}
