import Custody
import CustodyLedger
import Foundation
import StationStore
import StockCounting

/// Turns a count into what pages show of it.
struct CountPresenter {
  let snapshot: any StoreReading
  let moments: Moments
  private let names: AssetPresenter

  init(_ snapshot: any StoreReading, _ moments: Moments) {
    self.snapshot = snapshot
    self.moments = moments
    names = AssetPresenter(snapshot: snapshot, moments: moments)
  }

  /// What is counted, in words.
  func title(_ scope: CountScope) throws -> String {
    switch scope {
    case .location(let place): try names.place(place) ?? place.text
    case .category(let category): "Every \(category)"
    case .custodian(let custodian): "What \(try names.name(custodian) ?? "somebody") has"
    }
  }

  func row(_ count: StoredCount) throws -> CountRow {
    let tally = try count.ending?.tally ?? snapshot.tally(of: count.id)
    let words: String
    if count.hides {
      words = "blind"
    } else if count.ending == nil {
      words = "\(count.expected - tally.missing) of \(count.expected) seen"
    } else {
      let odd = CountLine.Result.shown.filter { !$0.agrees && tally[$0] > 0 }.map { "\(tally[$0]) \($0.few)" }
      words = odd.isEmpty ? "everything is where it is recorded" : odd.joined(separator: " · ")
    }
    return CountRow(
      href: "/counts/\(count.id)", title: try title(count.scope), kind: count.blind ? "blind" : "guided",
      opened: moments.view(count.openedAt), openedBy: try names.person(count.openedBy) ?? "somebody", words: words,
      isOpen: count.ending == nil, accuracy: count.accuracy?.percent)
  }

  func ending(_ count: StoredCount) throws -> CountEndingView? {
    guard let ending = count.ending else { return nil }
    var warnings: [String] = []
    if let outstanding = ending.outstanding {
      warnings.append(
        "It was closed although \(counted(outstanding, "observation")) had not come in: what is missing may have been seen."
      )
    }
    let late = try snapshot.lateObservations(of: count.id)
    if late > 0 {
      warnings.append("\(counted(late, "observation")) came after it was closed. They are kept; count again.")
    }
    return CountEndingView(
      words: "Closed by \(try names.person(ending.by) ?? "somebody")", at: moments.view(ending.at),
      accuracy: count.expected == 0
        ? "Nothing was expected."
        : "\(ending.tally.found) of \(count.expected) found where they are recorded"
          + (count.accuracy?.percent.map { ": \($0)" } ?? ""),
      warning: warnings.isEmpty ? nil : warnings.joined(separator: " "), file: ending.file,
      entry: ending.entry.description)
  }

  func line(_ stored: StoredCountLine, of count: StoredCount, roles: Set<Role>) throws -> CountLineView {
    let line = stored.line
    let isOpen = count.ending == nil
    let late = try isOpen || line.result != .missing ? nil : snapshot.lateSighting(of: line.subject, in: count.id)
    let seenLate = try late?.refusal.namingSighting(in: snapshot, moments)
    var view = CountLineView(
      state: line.result.state, icon: line.result.icon, words: line.result.label, code: "", line: line.subject.path)
    var asset: Asset?
    switch line.subject {
    case .asset(let id):
      asset = try snapshot.asset(id)
      view.code = asset?.displayName ?? String(id.description.suffix(12))
      view.title = asset?.title
      view.href = asset?.href
    case .code(let code): view.code = String(code.prefix(80))
    }
    if isOpen, line.result == .missing { (view.words, view.state, view.icon) = ("Not seen yet", "expected", "dot") }
    if line.isProvisional { view.words = "\(view.words), seen by RFID" }
    view.detail = try detail(stored)
    view.at = line.sighting.map { moments.view($0.at) }
    if let accepted = stored.accepted {
      let name = try names.person(accepted.by) ?? "somebody"
      let isLeft = accepted.event == nil && !line.result.agrees
      view.note = "\(isLeft ? "Left as it is by" : "Accepted by") \(name), \(moments.dated(accepted.at))"
      // It was declared missing before the word came that it is there.
      if let seenLate { view.note = "\(view.note ?? "") · \(seenLate.sentence)" }
    } else if isOpen {
      view.acts = line.isProvisional ? [CountActView(label: "It is there")] : []
    } else {
      (view.acts, view.note) = try acts(line, asset, roles, late)
      if let seenLate, view.acts.isEmpty { view.note = "\(seenLate.sentence) \(seenLate.remedy)" }
    }
    return view
  }

  /// Where and as what it is recorded, with whom, and where it was seen.
  private func detail(_ stored: StoredCountLine) throws -> String? {
    let line = stored.line
    let seen = line.sighting?.place?.text
    let holder = try names.name(line.recorded?.custodian)
    let place = line.recorded?.location?.text
    let state = line.recorded?.state.label.lowercased() ?? "not known"
    switch line.result {
    case .found, .unknown: return line.sighting == nil ? nil : seen ?? "no place was said"
    case .otherShelf, .otherRoom:
      guard let place, let seen else { return nil }
      return holder.map { "recorded \(place), with \($0), seen \(seen)" } ?? "recorded \(place), seen \(seen)"
    case .missing:
      guard line.recorded != nil else { return nil }
      return holder.map { "recorded \(place ?? state), with \($0)" } ?? "recorded \(place ?? state)"
    case .unexpected:
      let recorded: String
      switch (place, holder) {
      case (let place?, let holder?): recorded = "recorded \(state), \(place), with \(holder)"
      case (let place?, nil): recorded = "recorded \(state), \(place)"
      case (nil, let holder?): recorded = "recorded \(state), with \(holder)"
      case (nil, nil): recorded = "recorded \(state)"
      }
      return seen.map { "\(recorded); seen \($0)" } ?? "\(recorded); seen, no place was said"
    case .duplicate:
      if line.candidates.isEmpty { return "\(line.marks.joined(separator: " and ")) were seen in different places" }
      let names = try line.candidates.map { try snapshot.asset($0)?.displayName ?? "another" }
      return "on \(names.joined(separator: " and "))"
    }
  }

  /// What came of one observation, as the page shows it.
  func result(_ id: ObservationID, of count: StoredCount) throws -> ResultView? {
    guard let (observation, isLate) = try snapshot.observation(id, of: count.id) else { return nil }
    var view = ResultView(kind: .accepted, icon: "check", words: "Counted")
    view.id = id.description
    view.tag = String(observation.mark.prefix(80))
    view.at = moments.view(observation.at)
    let stored = try observation.subject.flatMap { try snapshot.countLine(of: count.id, about: $0) }
    if case .asset(let asset) = observation.meaning {
      view.tag = try snapshot.asset(asset)?.displayName ?? view.tag
      view.asset = try snapshot.asset(asset)?.title
    }
    if isLate {
      (view.kind, view.icon, view.words) = (.refused, "cross", "Too late: not counted")
      view.detail = "The count was closed before this came. It is kept."
      view.remedy = "Open a recount."
      return view
    }
    if case .consumable(let sighting) = observation.meaning {
      return try result(of: sighting, observation, in: count, view)
    }
    guard let stored, !count.hides else { return view }
    if try snapshot.wasCountedBefore(observation, in: count.id) {
      (view.kind, view.icon, view.words) = (.duplicate, "equals", "Already counted")
      return view
    }
    switch stored.line.result {
    case .found:
      view.words = "Found"
      view.detail = observation.place.map { "Where it is recorded: \($0)" } ?? "No place was named"
    case .otherShelf, .otherRoom, .unexpected, .unknown:
      (view.kind, view.icon, view.words) = (.unknown, "question", stored.line.result.label)
      view.detail = try detail(stored).map { $0.prefix(1).uppercased() + $0.dropFirst() }
    case .duplicate:
      (view.kind, view.icon, view.words) = (.refused, "cross", stored.line.result.label)
      view.detail = try detail(stored)
    case .missing: break
    }
    return view
  }
}

extension CountAccuracy {
  /// Whole percent, rounded down: what is not all is not 100 %.
  var percent: String? { thousandths.map { "\($0 / 10) %" } }
}

extension CountLine.Result {
  /// As it stands on a page.
  var label: String {
    switch self {
    case .found: "Found"
    case .otherShelf: "On another shelf"
    case .otherRoom: "In another room"
    case .missing: "Missing"
    case .unexpected: "Not expected here"
    case .unknown: "Unknown code"
    case .duplicate: "Duplicate label"
    }
  }

  /// After a number.
  var few: String {
    switch self {
    case .found: "found"
    case .otherShelf: "on another shelf"
    case .otherRoom: "in another room"
    case .missing: "missing"
    case .unexpected: "not expected"
    case .unknown: "unknown"
    case .duplicate: "with duplicate labels"
    }
  }

  /// A class of the style sheet.
  fileprivate var state: String {
    switch self {
    case .found: "done"
    case .otherShelf, .otherRoom, .unexpected, .unknown: "unknown"
    case .missing, .duplicate: "refused"
    }
  }

  fileprivate var icon: String {
    switch self {
    case .found: "check"
    case .otherShelf, .otherRoom: "transfer"
    case .unexpected, .unknown: "question"
    case .missing: "cross"
    case .duplicate: "warning"
    }
  }
}
