/// Takes bits from the front of bytes.
private struct BitReader {
  let bytes: Bytes
  private(set) var position = 0

  init(_ bytes: Bytes) { self.bytes = bytes }

  /// The next bits as a number, at most 64 of them.
  mutating func take(_ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for _ in 0..<count {
      let byte = bytes[bytes.startIndex + position / 8]
      value = value << 1 | UInt64(byte >> UInt8(7 - position % 8) & 1)
      position += 1
    }
    return value
  }
}

/// Puts bits behind one another.
private struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private(set) var position = 0

  mutating func put(_ value: UInt64, _ count: Int) {
    for bit in (0..<count).reversed() {
      if position.isMultiple(of: 8) { bytes.append(0) }
      if value >> UInt64(bit) & 1 == 1 { bytes[position / 8] |= 1 << UInt8(7 - position % 8) }
      position += 1
    }
  }
}

extension EPCTag {
  /// The bits, filled up with zeros to a whole word of sixteen, as a tag's memory has them; ``EPCEncoding/bitCount`` says
  /// how many count. It is the inverse of ``init(binary:)``.
  public var binary: [UInt8] {
    var writer = BitWriter()
    writer.put(UInt64(encoding.header), 8)
    if encoding == .gid96 {
      writer.put(UInt64(identity.companyPrefix) ?? 0, 28)
      writer.put(UInt64(identity.reference) ?? 0, 24)
    } else {
      writer.put(UInt64(filter ?? 0), 3)
      let partition = 12 - identity.companyPrefix.utf8.count
      let row = encoding.partitions[partition]
      writer.put(UInt64(partition), 3)
      writer.put(UInt64(identity.companyPrefix) ?? 0, row.prefixBits)
      Self.put(identity.reference, as: row.reference, into: &writer)
    }
    Self.put(identity.serial, as: encoding.serial, into: &writer)
    writer.put(0, (encoding.bitCount + 15) / 16 * 16 - writer.position)
    return writer.bytes
  }

  private static func put(_ text: String, as form: EPCEncoding.Text, into writer: inout BitWriter) {
    switch form {
    case .number(let bits): writer.put(UInt64(text) ?? 0, bits)
    case .characters(let bits, _):
      for byte in text.utf8 { writer.put(UInt64(byte), 7) }
      let rest = bits - 7 * text.utf8.count
      for _ in 0..<rest { writer.put(0, 1) }
    case .none: break
    }
  }

  /// The EPC of a tag's bits. Bits behind the encoding's own, up to the next word of sixteen, must be zero.
  /// - Parameter binary: the bytes of the EPC bank behind the protocol control word.
  /// - Throws: ``IdentifierError``; its span counts in `binary`.
  public init(binary bytes: some Collection<UInt8>) throws(IdentifierError) {
    try self.init(binary: Array(bytes)[...], bitCount: bytes.count * 8)
  }

  /// - Parameter bitCount: how many bits of `bytes` count.
  init(binary bytes: Bytes, bitCount: Int) throws(IdentifierError) {
    /// The bytes that a range of bits touches.
    func span(_ bits: Range<Int>) -> Range<Int> {
      let last = min((bits.upperBound + 7) / 8, bytes.count)
      return (bytes.startIndex + min(bits.lowerBound / 8, last))..<(bytes.startIndex + last)
    }
    func fault(_ code: String, _ sentence: String, _ bits: Range<Int>) -> IdentifierError {
      IdentifierError(
        "epc.\(code)", sentence, remedy: "Read the tag again; if it stays so, it is encoded wrong.",
        start: span(bits).lowerBound, length: span(bits).count)
    }
    guard let header = bytes.first, let encoding = EPCEncoding(header: header) else {
      throw fault("header", "The header is none of an encoding that is known here.", 0..<8)
    }
    guard bitCount >= encoding.bitCount, bitCount <= (encoding.bitCount + 15) / 16 * 16 else {
      throw fault(
        "length", "The EPC has \(bitCount) bits; \(encoding.rawValue) has \(encoding.bitCount).", 0..<(bytes.count * 8))
    }
    var reader = BitReader(bytes)
    _ = reader.take(8)
    var source: [Range<Int>] = []
    func text(_ form: EPCEncoding.Text, _ digits: Int?) throws(IdentifierError) -> String {
      let start = reader.position
      switch form {
      case .number(let bits):
        let number = reader.take(bits)
        source.append(span(start..<reader.position))
        guard let digits else { return String(number) }
        let text = String(number)
        guard text.utf8.count <= digits || (digits == 0 && number == 0) else {
          throw fault(
            "range", "\(number) has more than the \(digits) digits that the partition leaves.", start..<reader.position)
        }
        return digits == 0 ? "" : String(repeating: "0", count: digits - text.utf8.count) + text
      case .characters(let bits, let most):
        var characters: [UInt8] = []
        var isOver = false
        for _ in 0..<(bits / 7) {
          let at = reader.position
          let character = UInt8(reader.take(7))
          if character == 0 {
            isOver = true
          } else if isOver || characters.count == most {
            throw fault("padding", "Characters follow behind the end of the text.", at..<reader.position)
          } else {
            characters.append(character)
          }
        }
        if reader.take(bits % 7) != 0 {
          throw fault("padding", "Bits follow behind the end of the text.", (reader.position - 7)..<reader.position)
        }
        source.append(span(start..<reader.position))
        return String(decoding: characters, as: UTF8.self)
      case .none: return ""
      }
    }
    let prefix: String
    let reference: String
    var filter: UInt8?
    if encoding == .gid96 {
      prefix = try text(.number(bits: 28), nil)
      reference = try text(.number(bits: 24), nil)
    } else {
      filter = UInt8(reader.take(3))
      let partition = Int(reader.take(3))
      guard partition < 7 else { throw fault("partition", "Partition 7 is reserved.", 8..<14) }
      let row = encoding.partitions[partition]
      prefix = try text(.number(bits: row.prefixBits), row.prefixDigits)
      reference = try text(row.reference, row.referenceDigits)
    }
    let serial = try text(encoding.serial, nil)
    let rest = reader.position
    while reader.position < bytes.count * 8 {
      guard reader.take(1) == 0 else {
        throw fault("reserved", "Bits behind the EPC, which are to be zero, are not.", rest..<(bytes.count * 8))
      }
    }
    let identity = try EPCIdentity(encoding.scheme, prefix, reference, serial, source: source)
    try self.init(identity, encoding, filter: filter, source: bytes.startIndex..<bytes.endIndex)
  }
}
