import Foundation
import Testing

@testable import CustodyLedger

@Suite("Zip files of one form")
struct StoredZipTests {
  private static func sample() throws -> StoredZip {
    try StoredZip([
      .init(name: "manifest.json", content: Array("{}".utf8)[...]), .init(name: "blobs/a", content: []),
      .init(name: "blobs/a0", content: [1, 2, 3][...]),
    ])
  }

  @Test("the check value of CRC-32")
  func checksum() {
    // ROCKSOFT's catalogue: CRC-32/ISO-HDLC of "123456789".
    #expect(CyclicRedundancyCheck.value(of: Array("123456789".utf8)[...]) == 0xCBF4_3926)
    #expect(CyclicRedundancyCheck.value(of: []) == 0)
  }

  @Test("members come back as they were, by name and in order")
  func roundTrip() throws {
    let bytes = try Self.sample().bytes()
    let read = try StoredZip(bytes: bytes)
    #expect(read.members == (try Self.sample().members))
    #expect(read.members.map(\.name) == ["blobs/a", "blobs/a0", "manifest.json"])
    #expect(read["blobs/a0"] == [1, 2, 3])
    #expect(read["blobs/b"] == nil)
    #expect(read.bytes() == bytes)
    #expect(try StoredZip(bytes: StoredZip([]).bytes()).members == [])
  }

  @Test("another program unpacks it")
  func otherPrograms() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let file = folder.appendingPathComponent("a.zip")
    try Data(Self.sample().bytes()).write(to: file)
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    python.arguments = [
      "-c",
      """
      import sys, zipfile
      zip = zipfile.ZipFile(sys.argv[1])
      assert zip.testzip() is None
      assert [(i.filename, i.file_size, i.compress_type, i.date_time) for i in zip.infolist()] == [
        ("blobs/a", 0, 0, (1980, 1, 1, 0, 0, 0)), ("blobs/a0", 3, 0, (1980, 1, 1, 0, 0, 0)),
        ("manifest.json", 2, 0, (1980, 1, 1, 0, 0, 0))], zip.infolist()
      assert zip.read("blobs/a0") == bytes([1, 2, 3])
      """, file.path,
    ]
    try python.run()
    python.waitUntilExit()
    #expect(python.terminationStatus == 0)
  }

  @Test(
    "names that lead elsewhere, or could be read in two ways, are refused",
    arguments: [
      "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "A", "a b", "a\\b", "c:", "a\u{0}", "é",
      String(repeating: "a", count: 201),
    ])
  func names(name: String) {
    #expect(throws: ZipFault.self) { try StoredZip([.init(name: name, content: [])]) }
  }

  @Test("a name that stands twice is refused")
  func twice() {
    let member = StoredZip.Member(name: "a", content: [])
    #expect(throws: ZipFault.self) { try StoredZip([member, member]) }
  }

  @Test("what other programs write is refused: compressed, with dates, comments, extra fields")
  func otherForms() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    python.arguments = [
      "-c",
      """
      import sys, zipfile, warnings
      warnings.simplefilter("ignore")
      def make(name, members, comment=b"", method=0, date=(1980, 1, 1, 0, 0, 0)):
        with zipfile.ZipFile(f"{sys.argv[1]}/{name}", "w", method) as zip:
          for member in members:
            info = zipfile.ZipInfo(member, date); info.compress_type = method
            zip.writestr(info, b"0" * 1000)
          zip.comment = comment
      make("compressed", ["a"], method=8)
      make("dated", ["a"], date=(2026, 1, 1, 0, 0, 0))
      make("comment", ["a"], comment=b"hello")
      make("twice", ["a", "a"])
      make("disorder", ["b", "a"])
      make("traversal", ["../a"])
      """, folder.path,
    ]
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0)
    for name in ["compressed", "dated", "comment", "twice", "disorder", "traversal"] {
      let bytes = [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
      #expect(throws: ZipFault.self, "\(name)") { try StoredZip(bytes: bytes) }
    }
  }

  @Test("no bit can be changed, no byte added or cut off")
  func everyBit() throws {
    let bytes = try Self.sample().bytes()
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << UInt8(bit)
        if let read = try? StoredZip(bytes: changed) {
          // Only the letters of a name may change into another allowed name.
          Issue.record("byte \(index), bit \(bit) changed into \(read.members.map(\.name))")
        }
      }
      #expect(throws: ZipFault.self) { try StoredZip(bytes: Array(bytes[..<index])) }
      #expect(throws: ZipFault.self) { try StoredZip(bytes: Array(bytes[..<index] + [0] + bytes[index...])) }
    }
    #expect(throws: ZipFault.self) { try StoredZip(bytes: bytes + [0]) }
    #expect(throws: ZipFault.self) { try StoredZip(bytes: [0] + bytes) }
  }

  @Test("numbers that point anywhere are refused: overlaps, gaps, lengths beyond the file")
  func hostileNumbers() throws {
    let bytes = try Self.sample().bytes()
    let numbers: [UInt32] = [0, 1, 30, 46, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, UInt32(bytes.count)]
    for at in 0..<bytes.count - 4 {
      for number in numbers {
        var changed = bytes
        for shift in 0..<4 { changed[at + shift] = UInt8(truncatingIfNeeded: number >> UInt32(8 * shift)) }
        if changed == bytes { continue }
        #expect(throws: ZipFault.self, "\(number) at \(at)") { try StoredZip(bytes: changed) }
      }
    }
  }
}
