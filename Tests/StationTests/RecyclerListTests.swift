import Custody
import CustodyLedger
import DisposalOrders
import Foundation
import GRDB
import Testing

@testable import Station

@Suite("The recycler's list") struct RecyclerListTests {
  private func code(_ bytes: [UInt8]) -> String? {
    do {
      _ = try RecyclerListFile.rows(bytes)
      return nil
    } catch let problem as Problem {
      return problem.code
    } catch {
      return "\(error)"
    }
  }

  @Test("comma, semicolon and tab, a byte order mark, sep= and other names of the columns are read alike")
  func dialects() throws {
    let rows = [RecyclerList.Row(line: 2, serial: "5CG1", tag: "AT-1", certificate: "GC 7")]
    for text in [
      "serial,tag,certificate\r\n5CG1,AT-1,GC 7\r\n", "\u{FEFF}Serial Number;Asset Tag;Certificate No\n5CG1;AT-1;GC 7",
      "S/N\tASSET_TAG\tCoD\n 5CG1 \t\"AT-1\"\tGC 7\n", "Weight,SERIAL,Tag,certificate number\n1.4,5CG1,AT-1,GC 7\n",
      "serial,tag,certificate\n'5CG1,AT-1,GC 7".replacing("'", with: ""),
    ] {
      #expect(try RecyclerListFile.rows(Array(text.utf8)) == rows, "\(text)")
    }
    let marked = try RecyclerListFile.rows(Array("sep=;\nserial;tag\n5CG1;AT-1\n".utf8))
    #expect(marked.map(\.line) == [3] && marked.map(\.serial) == ["5CG1"])
  }

  @Test(
    "rows that name nothing are passed over, short rows are read as far as they go, repeated ones are kept to be told")
  func oddRows() throws {
    let text = "tag,serial,certificate\n,,\nTotal: 300,,\nAT-1\n,5CG1,GC\n,5CG1,GC\n,,GC-only\n"
    let rows = try RecyclerListFile.rows(Array(text.utf8))
    #expect(rows.map(\.line) == [3, 4, 5, 6])
    #expect(rows.map(\.serial) == [nil, nil, "5CG1", "5CG1"])
  }

  @Test("a number that a spreadsheet would take for a formula comes back as it was written")
  func formulas() throws {
    #expect(try RecyclerListFile.rows(Array("serial\n'=SN1\n".utf8)).map(\.serial) == ["=SN1"])
  }

  @Test("what is no list is told what it is, with its line")
  func hostile() {
    #expect(code([]) == "disposal.list.empty")
    #expect(code(Array("\n\n\n".utf8)) == "disposal.list.empty")
    #expect(code(Array("serial,tag\n".utf8)) == "disposal.list.empty")
    #expect(
      code([0xFF, 0xFE] + Array("serial\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
        == "disposal.list.encoding")
    #expect(code([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) == "disposal.list.notText")
    #expect(code(Array("PK\u{3}\u{4}".utf8) + Array(repeating: 0, count: 90)) == "disposal.list.notText")
    // Latin 1: ü is one byte.
    #expect(code(Array("serial,name\nSN1,M".utf8) + [0xFC] + Array("ller\n".utf8)) == "disposal.list.encoding")
    #expect(code(Array("name,weight\nx,1\n".utf8)) == "disposal.list.header")
    #expect(code(Array("serial,Serial\n1,2\n".utf8)) == "disposal.list.header")
    #expect(code(Array("serial\n\"SN1\nSN2\n".utf8)) == "disposal.list.row")
    #expect(code(Array("serial\nS\u{1}N\n".utf8)) == "disposal.list.row")
    #expect(code(Array(("serial\n" + String(repeating: "9", count: 400) + "\n").utf8)) == "disposal.list.row")
    let long = "serial\n" + (0...RecyclerList.mostRows).map { "SN\($0)\n" }.joined()
    #expect(code(Array(long.utf8)) == "disposal.list.tooLong")
  }

  @Test("50 MB are refused without being read whole, and so is a list before the departure; nothing is kept of either")
  func tooLarge() async throws {
    try await DisposalUnderTest.run { test in
      try await test.retired(1)
      try await test.add(1)
      try await test.list("serial\nSN-1\n").expectProblem(.conflict, "disposal.state")
      let large = [UInt8](repeating: UInt8(ascii: "7"), count: 50 << 20)
      let answer = try await test.api.ask(.put, test.order + "/recycler-list", as: test.api.dana, bytes: large)
      try answer.expectProblem(.contentTooLarge, "disposal.list.tooLarge")
      let kept = try await test.api.core.store.read { try Int.fetchOne($0.db, sql: "SELECT count(*) FROM blob") }
      #expect(kept == 0)
    }
  }

  @Test("a list that is refused leaves the one before; one with nothing of ours confirms nothing")
  func keepsTheOneBefore() async throws {
    try await DisposalUnderTest.run { test in
      try await test.departed(1)
      try await test.act("confirm", ["witness": DisposalUnderTest.witness])
        .expectProblem(.conflict, "disposal.confirm.noList")
      #expect(try await test.list("serial\nSN-1\nSN-1\n").status == .ok)
      #expect(try await test.api.get(test.order).items("unlisted").map { $0[path: "reason"]?.text } == ["repeats"])
      try await test.list("").expectProblem(.unprocessableContent, "disposal.list.empty")
      #expect(try await test.standings() == ["listed"])
      #expect(try await test.list("serial\nELSE\n").status == .ok)
      #expect(try await test.standings() == ["missing"])
      let sequence = test.api.core.store.head.seq
      try await test.act("confirm", ["witness": DisposalUnderTest.witness])
        .expectProblem(.conflict, "disposal.confirm.nothing")
      #expect(test.api.core.store.head.seq == sequence)
    }
  }
}
