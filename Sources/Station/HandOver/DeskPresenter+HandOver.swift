import Custody
import StationStore

extension DeskPresenter {
  /// Asks who takes or gives back things for their word; nil while nobody is named.
  func handOver(_ work: WorkSession) throws -> HandOverView? {
    guard let handOver = HandOver(work) else { return nil }
    let name = try snapshot.person(handOver.person)?.name ?? "a person no longer named"
    var badge = FormField(.input, "badge", "Badge", prefix: "hand-over")
    badge.scannable = true
    badge.code = true
    badge.required = true
    var pin = FormField(.input, "pin", "PIN", prefix: "hand-over")
    pin.type = "password"
    pin.required = true
    var form = ContextForm(
      id: "hand-over-pin", action: "/desk/acknowledge", title: "Or badge and PIN", submit: "Confirm",
      groups: [FieldGroup(fields: [badge, pin])])
    form.open = false
    return HandOverView(
      person: name, text: handOver.text, given: handOver.given(in: work).map { "\(name) \($0.words)" }, form: form)
  }

  /// What somebody has who gives everything back: what has not come yet stands among the lines, and is told.
  func show(_ view: inout SessionView, held work: WorkSession?) throws {
    guard let work, work.workflow == .return, let leaver = work.leaver, let person = try snapshot.person(leaver) else {
      return
    }
    let held = try snapshot.assets(of: leaver)
    let back = work.broughtBack ?? 0
    view.title = "\(person.name): \(back) of \(back + held.count) given back"
    view.progress = back + held.count == 0 ? nil : SessionProgress(done: back, total: back + held.count)
    view.lines += held.map { asset in
      SessionLine(
        state: .expected, icon: "dot", words: "Still with \(person.name)", code: asset.displayName, title: asset.title,
        href: asset.href)
    }
  }
}
