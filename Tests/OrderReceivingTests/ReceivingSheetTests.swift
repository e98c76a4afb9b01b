import Custody
import OrderReceiving
import Testing

@Suite struct ReceivingSheetTests {
  private let latitude = Product(manufacturer: "Dell", model: "Latitude 5450", partNumber: "210-BLYZ")
  private let dock = Product(manufacturer: "Dell", model: "WD22TB4")

  private func sheet(_ lines: [ReceivingSheet.Line]) -> ReceivingSheet { ReceivingSheet(order: "PO-1", lines: lines) }

  @Test func `a number of its own leads to the line that announced it`() {
    let sheet = sheet([
      .init(number: 1, product: latitude, ordered: 2, announced: 2), .init(number: 2, product: dock, ordered: 1),
    ])
    #expect(sheet.place(.announced(.init(order: "PO-1", line: 1)), chosen: 2) == .line(1, []))
    #expect(sheet.place(.announced(.init(order: "PO-9", line: 1)), chosen: nil) == .outside(.otherOrder))
    #expect(sheet.place(.announced(.init(order: "PO-1", line: 7)), chosen: nil) == .outside(.unlisted))
    #expect(sheet.place(.announced(nil), chosen: 1) == .outside(.unlisted))
  }

  @Test func `a number that nobody announced goes to the only line that awaits something`() {
    #expect(
      sheet([.init(number: 1, product: latitude, ordered: 2)]).place(.stranger(Product()), chosen: nil) == .line(1, []))
    let second = sheet([
      .init(number: 1, product: latitude, ordered: 1, received: 1), .init(number: 2, product: dock, ordered: 5),
    ])
    #expect(second.place(.stranger(Product()), chosen: nil) == .line(2, []))
  }

  @Test func `with several lines open a person says which`() {
    let sheet = sheet([
      .init(number: 1, product: latitude, ordered: 2), .init(number: 2, product: dock, ordered: 1),
      .init(number: 3, product: dock, ordered: 1, received: 1),
    ])
    #expect(sheet.place(.stranger(Product()), chosen: nil) == .ask([1, 2]))
    #expect(sheet.place(.stranger(Product()), chosen: 2) == .line(2, []))
    #expect(sheet.place(.stranger(Product()), chosen: 9) == .ask([1, 2]))
  }

  @Test func `it is asked about every line that awaits something, and about all of them once none does`() {
    let open = (1...40).map { ReceivingSheet.Line(number: $0, product: dock, ordered: 2, received: $0 % 2) }
    #expect(sheet(open).place(.stranger(Product()), chosen: nil) == .ask(Array(1...40)))
    let half = (1...40).map { ReceivingSheet.Line(number: $0, product: dock, ordered: 1, received: $0 % 2) }
    #expect(sheet(half).candidates.map(\.number) == Array(stride(from: 2, through: 40, by: 2)))
    let full = (1...3).map { ReceivingSheet.Line(number: $0, product: dock, ordered: 1, received: 1) }
    #expect(sheet(full).place(.stranger(Product()), chosen: nil) == .ask([1, 2, 3]))
  }

  @Test func `what the carton says of the model goes before the line that was set`() {
    let sheet = sheet([.init(number: 1, product: latitude, ordered: 2), .init(number: 2, product: dock, ordered: 1)])
    #expect(sheet.place(.stranger(dock), chosen: 1) == .line(2, []))
    #expect(sheet.place(.stranger(Product(partNumber: "210-blyz#ABD")), chosen: 2) == .line(1, []))
    #expect(sheet.place(.stranger(Product(model: "ThinkPad T14")), chosen: 1) == .outside(.wrongModel))
    #expect(sheet.place(.stranger(Product(manufacturer: "HP", model: "WD22TB4")), chosen: 2) == .outside(.wrongModel))
  }

  @Test func `the one more than was ordered is over, and still has its line`() {
    let full = sheet([.init(number: 1, product: latitude, ordered: 2, received: 2)])
    #expect(full.place(.stranger(Product()), chosen: nil) == .line(1, [.over]))
    #expect(full.place(.announced(.init(order: "PO-1", line: 1)), chosen: nil) == .line(1, [.over]))
    let more = sheet([.init(number: 1, product: latitude, ordered: 2, received: 5)])
    #expect(more.over == 3 && more.remaining == 0)
  }

  @Test
  func `a number beside a whole list of numbers is unlisted; where some are not announced it may be one of those`() {
    let listed = sheet([.init(number: 1, product: latitude, ordered: 3, announced: 2, received: 1)])
    #expect(listed.place(.stranger(Product()), chosen: nil) == .line(1, [.unlisted]))
    let partly = sheet([.init(number: 1, product: latitude, ordered: 3, announced: 1, received: 1)])
    #expect(partly.place(.stranger(Product()), chosen: nil) == .line(1, []))
  }

  @Test func `names of products and of the order are no serial numbers`() {
    let sheet = sheet([.init(number: 1, product: latitude, ordered: 3)])
    let line = sheet.lines[0]
    #expect(sheet.naming("210-BLYZ") == .partNumber(line))
    #expect(sheet.naming(" latitude 5450 ") == .model(line))
    #expect(sheet.naming("po-1") == .order)
    #expect(sheet.naming("7QX4ML3") == nil)
  }

  @Test func `everything that comes is placed or asked about, and counts add up`() {
    // Every small sheet, every arrival: a line that is named is there, over exactly when nothing remains.
    for ordered in 1...3 {
      for received in 0...4 {
        for announced in 0...max(0, ordered - received) {
          let sheet = sheet([
            .init(number: 4, product: latitude, ordered: ordered, announced: announced, received: received)
          ])
          #expect(sheet.remaining + sheet.received == sheet.ordered + sheet.over)
          guard case .line(let line, let findings) = sheet.place(.stranger(Product()), chosen: nil) else {
            Issue.record("one line takes everything")
            continue
          }
          #expect(line == 4)
          #expect(findings.contains(.over) == (received >= ordered))
        }
      }
    }
  }
}
