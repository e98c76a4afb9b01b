import Custody
import ScannerProtocols
import StationStore

extension DeskPresenter {
  func shell(title: String, page: String) throws -> ShellView {
    let identity = core.store.identity
    let site = try snapshot.sites().first { $0.code == identity.site }?.name ?? identity.site.text
    var shell = ShellView(
      title: title, page: page, station: identity.station.text, site: site, desk: core.desk.name)
    shell.show(language, of: languages)
    let unknowns = try snapshot.unknownCount()
    let exceptions = try snapshot.openDiscrepancies()
    let followUps = try snapshot.openFollowUps()
    func item(
      _ label: String, _ href: String, _ icon: String, count: Int = 0, isMain: Bool = false, also titles: [String] = []
    ) -> NavigationItem {
      NavigationItem(
        label: label, href: href, icon: icon,
        current: title == label || page == "desk" && label == "Desk" || titles.contains { title.hasPrefix($0) },
        count: count == 0 ? nil : count, isMain: isMain)
    }
    shell.navigation = [
      item("Desk", "/desk", "desk", isMain: true),
      item("Overview", "/overview", "more"),
      item("Assets", "/assets", "assets", isMain: true),
      item("Orders", "/orders", "receive", isMain: true, also: ["Order "]),
      item("Kits", "/kits", "deploy", also: ["Kit "]),
      item("Consumables", "/consumables", "count", also: ["Consumable "]),
      item("Follow-ups", "/follow-ups", "warning", count: followUps, isMain: true),
      item("Exceptions", "/exceptions", "settle", count: exceptions, isMain: true),
      item("Unknown codes", "/readings", "question", count: unknowns),
      item("Counts", "/counts", "count", isMain: true, also: ["Count"]),
      item("Disposals", "/disposals", "dispose", isMain: true, also: ["Disposal order "]),
      item("Triage", "/triage", "triage"),
      item("Repairs", "/repairs", "repairOut"),
      item("Transfers", "/transfers", "transfer"),
      item("Shipments", "/shipments", "ship"),
      item("Wipe reports", "/wipe-reports", "sanitize"),
      item("People", "/people", "person", also: ["Person "]),
      item("Locations", "/locations", "arrive", also: ["Location "]),
      item("Models", "/models", "expect"),
      item("Ledger", "/events", "seal"),
      item("Labels", "/labels", "label", also: ["Printers"]),
      item("Devices", "/devices", "usb"),
    ]
    if signedIn?.mayAdministerWebhooks == true { shell.navigation.append(item("Webhooks", "/webhooks", "centre")) }
    let tags = core.tags.count
    if !core.readers.isEmpty || tags > 0 {
      shell.navigation.append(
        NavigationItem(label: "Tags", href: "/tags", icon: "bind", current: ["Tags", "Through doors"].contains(title)))
    }
    if let camera = core.cameras.first {
      // One entry, however many there are: the bar has no room for a list.
      shell.navigation.append(
        NavigationItem(
          label: core.cameras.count == 1 ? "Camera" : "Cameras",
          href: core.cameras.count == 1 ? "/cameras/\(camera.name)" : "/devices", icon: "camera",
          current: title.hasPrefix("Camera ")))
    }
    shell.person = signedIn?.person.name
    shell.personID = signedIn?.person.id.description ?? ""
    if core.options.centre != nil { shell.centre = try centre() }
    shell.devices = lamp()
    for played in core.devices.played {
      shell.notices.append(
        NoticeView(
          kind: .warning, icon: "usb", words: "A simulated device scans: \(played.profile.name).",
          remedy: "What comes of it is recorded as of \(played.id)."))
    }
    for note in core.desk.notes {
      let isFault = note.kind == .fault
      shell.notices.append(
        NoticeView(
          kind: isFault ? .warning : .plain, icon: isFault ? "warning" : "clock", words: note.words,
          remedy: note.remedy))
    }
    if let reason = core.store.readOnlyReason {
      shell.notices.append(
        NoticeView(
          kind: .stop, icon: "lock", words: "Read-only: \(reason)", remedy: StoreFault.readOnly(reason: reason).remedy))
    }
    if let alarm = core.sync.snapshot.alarm {
      shell.notices.append(
        NoticeView(kind: .stop, icon: "warning", words: alarm.sentence, remedy: alarm.remedy))
    }
    for (seq, reason) in core.sync.snapshot.rejected.sorted(by: { $0.key < $1.key }) {
      shell.notices.append(
        NoticeView(kind: .warning, icon: "warning", words: "The centre does not admit entry \(seq): \(reason)"))
    }
    if let refused = core.sync.snapshot.refused {
      shell.notices.append(
        NoticeView(kind: .warning, icon: "warning", words: "\(refused.sentence) \(refused.remedy)"))
    }
    return shell
  }

  private func centre() throws -> CentreView {
    let sync = core.sync.snapshot
    let pending = try snapshot.pendingCount()
    if let since = sync.offlineSince {
      return CentreView(
        pending: pending, words: "Centre offline since \(moments.time(since))", icon: "offline", offline: true)
    }
    if let alarm = sync.refused {
      return CentreView(
        pending: pending, words: "Centre refuses this station since \(moments.time(alarm.at))", icon: "warning",
        offline: true)
    }
    if let alarm = sync.alarm {
      return CentreView(
        pending: pending, words: "Centre not believed since \(moments.time(alarm.at))", icon: "warning", offline: true)
    }
    let upTo = try snapshot.firstPending().map { $0 - 1 } ?? core.store.head.seq
    let proved = max(0, core.store.head.seq - pending)
    return CentreView(
      pending: pending, proved: proved, held: "\(proved) events held by the centre, proved up to entry \(upTo)",
      words: sync.lastContact.map { "Centre reached \(moments.time($0))" } ?? "Centre not reached yet",
      icon: sync.lastContact == nil ? "offline" : "centre", offline: sync.lastContact == nil)
  }

  private func lamp() -> LampView? {
    for camera in core.cameras {
      let status = camera.camera.status
      if status.phase == .failed {
        return LampView(state: .bad, words: "Camera \(camera.name)", href: "/cameras/\(camera.name)")
      }
    }
    for reader in core.readers {
      let status = reader.status
      if status.phase == .lost || status.reason != nil {
        return LampView(state: .bad, words: "Reader \(reader.name)", href: "/tags")
      }
    }
    let devices = core.devices.all()
    guard core.devices.scanners != nil || !devices.isEmpty else {
      let running = core.cameras.count + core.readers.count
      guard running > 0 else { return nil }
      let words =
        core.readers.isEmpty ? running == 1 ? "1 camera" : "\(running) cameras" : "\(running) devices"
      return LampView(state: .good, words: words, href: "/devices")
    }
    let troubled = devices.first {
      [.faulty, .noPermission, .silent].contains($0.state) || $0.state == .claimed && $0.fault != nil
    }
    if let faulty = troubled {
      return LampView(state: .bad, words: faulty.name, href: "/devices")
    }
    let claimed = devices.filter { $0.state == .claimed }.count
    return claimed == 0
      ? LampView(state: .off, words: "No scanner", href: "/devices")
      : LampView(state: .good, words: claimed == 1 ? "1 scanner" : "\(claimed) scanners", href: "/devices")
  }
}
