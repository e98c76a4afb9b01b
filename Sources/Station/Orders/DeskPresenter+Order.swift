import Custody
import CustodyLedger
import OrderReceiving
import StationStore

extension DeskPresenter {
  /// Awaited things that a session's lines show; the rest stands on the order's page.
  private static let mostAwaited = 20

  /// Shows how far the order is that a session receives, what is odd about what came, and what is awaited.
  func show(_ view: inout SessionView, orderOf work: WorkSession?) throws {
    guard let number = work?.orderNumber, let order = try snapshot.order(number) else { return }
    let sheet = try snapshot.sheet(of: order)
    view.title = "\(number): \(sheet.received - sheet.over) of \(sheet.ordered) received"
    view.progress = SessionProgress(done: sheet.received - sheet.over, total: sheet.ordered)
    view.order = OrderReport.href(number)
    let counts = try snapshot.followUpCounts(order: number)
    for kind in FollowUpKind.allCases where kind != .unknown {
      guard let count = counts[kind.rawValue] else { continue }
      view.tally.append(TallyItem(state: .refused, icon: kind.icon, words: "\(count) × \(kind.label.lowercased())"))
    }
    view.lines += try snapshot.awaited(of: number, limit: Self.mostAwaited).map { asset in
      SessionLine(
        state: .expected, icon: "dot", words: "Awaited", code: asset.displayName, title: asset.title,
        detail: asset.facts.orderLine.map { "line \($0.line)" }, href: asset.href)
    }
  }

  /// The lines of the order that await something, each a touch away: with it comes what was scanned.
  func orderLines(of work: WorkSession, for reading: Int64) throws -> [RemedyView] {
    guard let number = work.orderNumber, let order = try snapshot.order(number) else { return [] }
    let sheet = try snapshot.sheet(of: order)
    let open = sheet.lines.filter { $0.remaining > 0 }
    return (open.isEmpty ? sheet.lines : open).prefix(6).map { line in
      RemedyView(
        label: "Line \(line.number): \(line.product.model ?? line.product.partNumber ?? "")", action: "/order/receive",
        fields: [
          HiddenField(name: "number", value: number), HiddenField(name: "line", value: "\(line.number)"),
          HiddenField(name: "reading", value: "\(reading)"),
        ])
    }
  }
}
