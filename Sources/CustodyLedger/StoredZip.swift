/// A zip file with exactly one form (PKWARE APPNOTE 6.3.3, in part): its members are stored, not compressed, in ascending
/// order of their names, one after the other without a gap, with no field left to choice.
///
///     zip     = *( local header, name, content ) *( central header, name ) end record
///     name    = segment *( "/" segment ), at most 200 bytes
///     segment = 1*( "a"–"z" / "0"–"9" / "." / "_" / "-" ), neither "." nor ".."
///
/// No zip64, no extra fields, no comments, no encryption, dates of 1980-01-01; at most 2 GiB and 65,534 members. Any other
/// form is refused, so that nothing can hide between members or behind them, nothing unpacks to more than it is, and no
/// name leads out of the folder it is unpacked to. `StoredZip(bytes: zip.bytes())` gives the same members, and whatever
/// bytes are read are the ones that would be written. Every ordinary program can unpack it.
public struct StoredZip: Sendable {
  /// One file.
  public struct Member: Hashable, Sendable {
    /// Its name, of ASCII alone.
    public let name: String
    /// Its content.
    public let content: ArraySlice<UInt8>

    /// A file.
    public init(name: String, content: ArraySlice<UInt8>) {
      self.name = name
      self.content = content
    }
  }

  /// The most bytes of a file: 2 GiB.
  public static let maximumLength = 1 << 31
  /// The most members.
  public static let maximumMembers = 65_534
  /// The most bytes of a name.
  public static let maximumNameLength = 200

  /// The files, in ascending order of their names' bytes.
  public let members: [Member]

  /// A zip file of `members`, in any order.
  public init(_ members: [Member]) throws(ZipFault) {
    let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    guard sorted.count <= Self.maximumMembers else { throw ZipFault(.tooMany, offset: 0) }
    for member in sorted where !Self.isName(Array(member.name.utf8)) {
      throw ZipFault(.name, offset: 0, member: member.name)
    }
    for (left, right) in zip(sorted, sorted.dropFirst()) where left.name == right.name {
      throw ZipFault(.order, offset: 0, member: right.name)
    }
    let length = sorted.reduce(ZipRecord.endLength) {
      $0 + ZipRecord.localLength + ZipRecord.centralLength + 2 * $1.name.utf8.count + $1.content.count
    }
    guard length <= Self.maximumLength else { throw ZipFault(.tooLong, offset: 0) }
    self.members = sorted
  }

  /// The content of a member; nil if there is none of that name.
  public subscript(name: String) -> ArraySlice<UInt8>? {
    var (low, high) = (0, members.count)
    while low < high {
      let middle = (low + high) / 2
      if members[middle].name == name { return members[middle].content }
      if members[middle].name.utf8.lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  static func isName(_ name: some Collection<UInt8>) -> Bool {
    guard (1...maximumNameLength).contains(name.count) else { return false }
    return name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { segment in
      !segment.isEmpty && !segment.elementsEqual(".".utf8) && !segment.elementsEqual("..".utf8)
        && segment.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }
}

extension StoredZip {
  /// The file's bytes.
  public func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    var central: [UInt8] = []
    for member in members {
      let (crc, offset) = (CyclicRedundancyCheck.value(of: member.content), bytes.count)
      bytes += ZipRecord.local(member.name.utf8.count, member.content.count, crc) + Array(member.name.utf8)
      bytes += member.content
      central += ZipRecord.central(member.name.utf8.count, member.content.count, crc, offset: offset)
      central += Array(member.name.utf8)
    }
    let start = bytes.count
    bytes += central
    bytes += ZipRecord.end(members.count, central.count, start)
    return bytes
  }

  /// Reads a file; throws at the first byte that is not as it must be.
  public init(bytes: [UInt8]) throws(ZipFault) {
    guard bytes.count <= Self.maximumLength else { throw ZipFault(.tooLong, offset: 0) }
    let endStart = bytes.count - ZipRecord.endLength
    guard endStart >= 0 else { throw ZipFault(.truncated, offset: bytes.count) }
    let count = ZipRecord.number(bytes, endStart + 10, 2)
    let (centralLength, centralStart) = (
      ZipRecord.number(bytes, endStart + 12, 4), ZipRecord.number(bytes, endStart + 16, 4)
    )
    guard count <= Self.maximumMembers, centralStart + centralLength == endStart,
      bytes[endStart...].elementsEqual(ZipRecord.end(count, centralLength, centralStart))
    else { throw ZipFault(.endRecord, offset: endStart) }
    var members: [Member] = []
    var (local, central) = (0, centralStart)
    while central < endStart {
      guard endStart - central >= ZipRecord.centralLength else { throw ZipFault(.centralHeader, offset: central) }
      let (crc, length, nameLength) = (
        UInt32(ZipRecord.number(bytes, central + 16, 4)), ZipRecord.number(bytes, central + 20, 4),
        ZipRecord.number(bytes, central + 28, 2)
      )
      let nameStart = central + ZipRecord.centralLength
      guard endStart - nameStart >= nameLength else { throw ZipFault(.centralHeader, offset: central) }
      let name = bytes[nameStart..<nameStart + nameLength]
      guard Self.isName(name) else { throw ZipFault(.name, offset: nameStart) }
      let text = String(decoding: name, as: UTF8.self)
      guard
        bytes[central..<nameStart].elementsEqual(ZipRecord.central(nameLength, length, crc, offset: local))
      else { throw ZipFault(.centralHeader, offset: central, member: text) }
      if let last = members.last, !last.name.utf8.lexicographicallyPrecedes(name) {
        throw ZipFault(.order, offset: nameStart, member: text)
      }
      let contentStart = local + ZipRecord.localLength + nameLength
      guard centralStart - contentStart >= length,
        bytes[local..<contentStart].elementsEqual(ZipRecord.local(nameLength, length, crc) + name)
      else { throw ZipFault(.localHeader, offset: local, member: text) }
      let content = bytes[contentStart..<contentStart + length]
      guard CyclicRedundancyCheck.value(of: content) == crc else {
        throw ZipFault(.checksum, offset: contentStart, member: text)
      }
      members.append(Member(name: text, content: content))
      local = contentStart + length
      central = nameStart + nameLength
    }
    guard local == centralStart else { throw ZipFault(.gap, offset: local) }
    guard members.count == count else { throw ZipFault(.endRecord, offset: endStart) }
    self.members = members
  }
}

/// The three records of a zip file in the one form that is written and read.
enum ZipRecord {
  static let localLength = 30
  static let centralLength = 46
  static let endLength = 22

  static func local(_ name: Int, _ length: Int, _ crc: UInt32) -> [UInt8] {
    [0x50, 0x4B, 0x03, 0x04] + common(name, length, crc)
  }

  static func central(_ name: Int, _ length: Int, _ crc: UInt32, offset: Int) -> [UInt8] {
    // After the common fields: no comment, disk 0, no attributes, where the local header stands.
    [0x50, 0x4B, 0x01, 0x02, 10, 0] + common(name, length, crc) + [UInt8](repeating: 0, count: 10) + little(offset, 4)
  }

  static func end(_ count: Int, _ length: Int, _ start: Int) -> [UInt8] {
    [0x50, 0x4B, 0x05, 0x06, 0, 0, 0, 0] + little(count, 2) + little(count, 2) + little(length, 4) + little(start, 4)
      + [0, 0]
  }

  /// Version 1.0, no flags, stored, 1980-01-01 00:00, then what differs; no extra field.
  private static func common(_ name: Int, _ length: Int, _ crc: UInt32) -> [UInt8] {
    [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + little(Int(crc), 4) + little(length, 4) + little(length, 4) + little(name, 2)
      + [0, 0]
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func number(_ bytes: [UInt8], _ at: Int, _ count: Int) -> Int {
    (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << ($1 * 8) }
  }
}

/// Why bytes are not a zip file of the one form, or members cannot be one.
public struct ZipFault: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: String, Hashable, Sendable, CaseIterable {
    /// Fewer bytes than an end record.
    case truncated = "the file is too short to be a zip file"
    /// More than 2 GiB.
    case tooLong = "the file has more than 2 GiB"
    /// More than 65,534 members.
    case tooMany = "there are more than 65,534 members"
    /// The end record is missing, holds something that it must not, or is followed by something.
    case endRecord = "the end record is not at the end, or is not of the one form that is allowed"
    /// A central header is cut off, or of another form: compressed, encrypted, with extra fields, overlapping.
    case centralHeader = "a directory entry is not of the one form that is allowed (stored, no extras, no overlap)"
    /// A local header is not the one that the directory demands at this place.
    case localHeader = "a member's header does not agree with the directory, or its content does not fit"
    /// A name that is not allowed.
    case name = "a member's name is not allowed"
    /// Names are not in ascending order, or one stands twice.
    case order = "the members' names are not in ascending order, or one stands twice"
    /// A member's checksum is wrong.
    case checksum = "a member's content does not have its checksum: it was damaged"
    /// Bytes stand between the last member and the directory.
    case gap = "bytes stand where no member is"
  }

  /// What is wrong.
  public let reason: Reason
  /// Where, in bytes from the start of the file.
  public let offset: Int
  /// The member concerned, if its name is known.
  public let member: String?

  init(_ reason: Reason, offset: Int, member: String? = nil) {
    self.reason = reason
    self.offset = offset
    self.member = member
  }
}

extension ZipFault: CustomStringConvertible {
  /// One sentence with the place.
  public var description: String {
    "\(reason.rawValue) (byte \(offset)\(member.map { ", member \($0)" } ?? ""))"
  }
}
