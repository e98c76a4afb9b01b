import Custody
import Kits
import StationStore

extension DeskPresenter {
  /// Shows the kit that a session puts together: what is still to scan on top, what stands in it with the way out, and once
  /// all of it is there, the hand-over.
  func show(_ view: inout DeskView, kitOf work: WorkSession, in session: StoredSession) throws {
    guard work.kit != nil, let filling = try snapshot.kitFilling(of: session.id) else { return }
    let open = filling.open
    view.kit = KitInHandView(
      code: filling.template.code.text, progress: "\(filling.filled) of \(filling.required)", done: filling.filled,
      total: max(1, filling.required), isComplete: filling.isComplete,
      open: open.map { slot, missing in
        SessionLine(
          state: .expected, icon: "dot", words: slot.isOptional ? "May be added" : "To scan",
          title: missing > 1 ? "\(missing) × \(slot.title)" : slot.title, detail: slot.wanted)
      },
      items: filling.items.reversed().map { item in
        KitItemView(
          asset: item.asset.description, name: item.name, title: item.title,
          slot: filling.template.slots[item.slot].title, href: "/assets/\(item.asset)")
      }, licences: filling.template.licences.map(KitLicenceView.init))
    if let last = filling.items.last { view.undo = "Take \(last.name) out of the kit" }
    if filling.isComplete, view.result.kind == .accepted {
      view.result.remedies = [RemedyView(label: "Hand over", action: "/desk/kit/hand-over")]
    }
  }
}
