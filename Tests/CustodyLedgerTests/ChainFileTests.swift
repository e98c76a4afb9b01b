import TamperEvidence
import Testing

@testable import CustodyLedger

@Suite("Chain files")
struct ChainFileTests {
  @Test("an entry is written after its length, big-endian")
  func framing() throws {
    let entry = try LedgerEntry(bytes: [UInt8](repeating: 9, count: 0x0123))
    #expect(SampleChain.file([entry]) == [0x01, 0x23] + entry.bytes)
  }

  @Test("the same entries come out whatever the chunks are", arguments: [1, 2, 3, 7, 65, 1_000, 1_000_000])
  func anyChunks(size: Int) throws {
    let entries = try SampleChain.entries(5, key: SampleChain.key())
    let file = SampleChain.file(entries)
    var reader = ChainFileReader()
    var read: [[UInt8]] = []
    var offsets: [Int] = []
    for start in stride(from: 0, to: file.count, by: size) {
      reader.append(file[start..<min(start + size, file.count)])
      while let frame = try reader.next() {
        read.append(Array(frame.entry))
        offsets.append(frame.offset)
      }
    }
    #expect(read == entries.map(\.bytes))
    #expect(reader.unfinished == 0)
    #expect(reader.offset == file.count)
    var expected = [0]
    for entry in entries.dropLast() { expected.append((expected.last ?? 0) + 2 + entry.bytes.count) }
    #expect(offsets == expected)
  }

  @Test("a length that no entry has is refused where it stands", arguments: [0, 1, 64, 60_065, 65_535])
  func impossibleLength(length: Int) throws {
    let entry = try SampleChain.entries(1, key: SampleChain.key())[0]
    var reader = ChainFileReader()
    reader.append(SampleChain.file([entry]) + [UInt8(length >> 8), UInt8(length & 255)])
    _ = try reader.next()
    #expect(throws: ChainFileReader.FramingError(offset: entry.bytes.count + 2, length: length)) {
      try reader.next()
    }
  }
}
