import CustodyLedger
import Foundation
import SyncTestSupport
import TamperEvidence
import Testing

/// `custody-audit verify` as an auditor runs it: its exit status, and the words that name the first wrong entry.
struct AuditTests {
  /// A chain of one station, as `custody export chain` writes it.
  private struct Chain {
    var entries: [[UInt8]] = []
    let key: VerifierKey

    init(_ number: UInt8 = 7, length: Int = 8) throws {
      var writer = try ChainWriter(number)
      for index in 0..<length { entries.append(try writer.register("AT-\(index)").entry.entry.bytes) }
      key = writer.key.verifierKey
    }

    var bytes: [UInt8] {
      get throws {
        var file: [UInt8] = []
        for entry in entries { ChainFile.append(try UnverifiedEntry(bytes: entry).entry, to: &file) }
        return file
      }
    }

    /// `SEQ:HASH` of the last entry.
    var head: String { "\(entries.count):\(EntryHash(of: entries[entries.count - 1]))" }
  }

  private func audit(_ bytes: [UInt8], key: String, _ more: String...) async throws -> (status: Int32, printed: String)
  {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "station.chain")
      try Data(bytes).write(to: file)
      return try await Program.finished("custody-audit", ["verify", file.path, "--key", key] + more)
    }
  }

  @Test func `a good chain is verified, with and without the head it must end at`() async throws {
    let chain = try Chain()
    let plain = try await audit(chain.bytes, key: chain.key.description)
    #expect(plain.status == 0 && plain.printed.hasPrefix("VERIFIED"), "\(plain)")
    #expect(plain.printed.contains("head      \(chain.head)") && plain.printed.contains("not checked"), "\(plain)")
    let headed = try await audit(chain.bytes, key: chain.key.description, "--expect-head", chain.head)
    #expect(headed.status == 0 && headed.printed.contains("ends at the expected head"), "\(headed)")
  }

  @Test func `the first wrong entry is named, whatever is wrong with it`() async throws {
    let chain = try Chain()
    var changed = chain
    // One bit of the fifth entry's signature, and one of its event.
    changed.entries[4][10] ^= 1
    var altered = chain
    altered.entries[4][LedgerEntry.signatureLength + 20] ^= 1
    var swapped = chain
    swapped.entries.swapAt(3, 4)
    var thinned = chain
    thinned.entries.remove(at: 3)
    for (wrong, entry) in [(changed, 5), (altered, 5), (swapped, 4), (thinned, 4)] {
      let found = try await audit(wrong.bytes, key: chain.key.description)
      #expect(found.status == 1 && found.printed.hasPrefix("FOUND WANTING"), "\(found)")
      #expect(found.printed.contains("where          entry \(entry), byte "), "\(found)")
      #expect(found.printed.contains("before it      \(entry - 1) entries verified"), "\(found)")
      let json = try await audit(wrong.bytes, key: chain.key.description, "--json")
      #expect(json.status == 1 && json.printed.contains(#""verified":false"#), "\(json)")
    }
  }

  @Test func `a tail that was cut off shows against the head from elsewhere only`() async throws {
    let chain = try Chain()
    var cut = chain
    cut.entries.removeLast(2)
    #expect(try await audit(cut.bytes, key: chain.key.description).status == 0)
    let found = try await audit(cut.bytes, key: chain.key.description, "--expect-head", chain.head)
    #expect(found.status == 1 && found.printed.contains("FOUND WANTING"), "\(found)")
    // In the middle of an entry it shows at once.
    let bytes = try chain.bytes
    #expect(try await audit(bytes.dropLast(3), key: chain.key.description).status == 1)
  }

  @Test func `a chain signed by another key is found wanting at its first entry`() async throws {
    // Another station's key under the same name: the whole chain was signed again.
    let (chain, other) = (try Chain(7), try Chain(8))
    let found = try await audit(chain.bytes, key: other.key.description)
    #expect(found.status == 1 && found.printed.contains("entry 1, byte 0"), "\(found)")
  }

  @Test func `what cannot be asked or read has statuses of its own`() async throws {
    let chain = try Chain(length: 1)
    #expect(try await audit(chain.bytes, key: "no key").status == 2)
    #expect(try await audit(chain.bytes, key: chain.key.description, "--expect-head", "8:xyz").status == 2)
    let missing = try await Program.finished(
      "custody-audit", ["verify", "/nowhere/at/all.chain", "--key", chain.key.description])
    #expect(missing.status == 3 && missing.printed.contains("cannot read /nowhere/at/all.chain"), "\(missing)")
  }
}

extension AuditTests {
  private func audit(_ bytes: ArraySlice<UInt8>, key: String) async throws -> (status: Int32, printed: String) {
    try await audit(Array(bytes), key: key)
  }
}
