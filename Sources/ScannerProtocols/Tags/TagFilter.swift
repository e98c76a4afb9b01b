/// Bits that an EPC must have at its begin.
public struct EPCMask: Hashable, Sendable {
  /// The bits that are looked at are 1.
  public let mask: [UInt8]
  /// What they must be; zero where they are not looked at.
  public let value: [UInt8]

  /// EPCs that begin with these bytes, or with their first `bits` bits.
  public init(prefix: [UInt8], bits: Int? = nil) {
    let bits = min(max(bits ?? prefix.count * 8, 0), prefix.count * 8)
    let mask = prefix.indices.map { index in
      let left = bits - 8 * index
      return left >= 8 ? 0xFF : left <= 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF00 >> left)
    }
    self.init(value: prefix, mask: mask)
  }

  /// EPCs whose bits under `mask` are those of `value`; where `value` is shorter, it counts as zero.
  public init(value: [UInt8], mask: [UInt8]) {
    self.mask = mask
    self.value = mask.indices.map { $0 < value.count ? value[$0] & mask[$0] : 0 }
  }

  /// Whether an EPC has these bits; a shorter one has not.
  public func matches(_ epc: [UInt8]) -> Bool {
    guard epc.count >= mask.count else { return false }
    for index in mask.indices where epc[index] & mask[index] != value[index] { return false }
    return true
  }
}

/// Which tags count.
public struct TagFilter: Hashable, Sendable {
  /// EPCs that count; empty for all.
  public var only: [EPCMask]
  /// EPCs that do not count, whatever `only` says.
  public var never: [EPCMask]
  /// Weaker reads do not count; nil for no limit. On the reader's own scale where it has no dBm.
  public var minimumStrength: Int?

  /// A filter; every tag counts unless something is given.
  public init(only: [EPCMask] = [], never: [EPCMask] = [], minimumStrength: Int? = nil) {
    self.only = only
    self.never = never
    self.minimumStrength = minimumStrength
  }

  /// Whether a read counts.
  public func passes(_ read: TagRead) -> Bool {
    if let minimumStrength, let strength = read.strength, strength.value < minimumStrength { return false }
    if never.contains(where: { $0.matches(read.epc) }) { return false }
    return only.isEmpty || only.contains { $0.matches(read.epc) }
  }
}
