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

  /// Lines that are a touch away when it is asked which one it is; the rest is chosen on the order's page.
  static let mostLinesAsked = 24

  /// The lines of the order that await something, each a touch away: with it comes what was scanned. Of more than fit, the last way
  /// says how many there are, and leads to them.
  func orderLines(of work: WorkSession, for reading: Int64) throws -> [RemedyView] {
    guard let number = work.orderNumber, let order = try snapshot.order(number) else { return [] }
    let lines = try snapshot.sheet(of: order).candidates
    let models = lines.map { $0.product.model ?? $0.product.partNumber ?? "" }
    var ways = zip(lines, models).prefix(Self.mostLinesAsked).map { line, model in
      // Lines of one model are told apart by their part numbers.
      let isAlone = models.count { $0 == model } == 1
      let name = [model, isAlone ? nil : line.product.partNumber].compactMap(\.self).joined(separator: " ")
      return RemedyView(
        label: "Line \(line.number): \(name)", action: "/order/receive",
        fields: [
          HiddenField(name: "number", value: number), HiddenField(name: "line", value: "\(line.number)"),
          HiddenField(name: "reading", value: "\(reading)"),
        ])
    }
    if lines.count > ways.count {
      ways.append(
        RemedyView(
          label: "More lines: \(lines.count - ways.count)", href: OrderReport.href(number, asking: reading)))
    }
    return ways
  }
}
