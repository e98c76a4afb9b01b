import AssetIdentifiers
import Custody
import CustodyLedger
import StationStore

/// Makes a verb's `details` out of what the session holds, what the scan adds, and what goes without saying.
struct IntentBuilder {
  let verb: Verb
  let work: WorkSession
  let scan: Scan
  /// The asset as it stands; nil when the scan would make a new one.
  let asset: Asset?
  /// Of what arrives: the seal that it left under, and the one that it came under.
  let seal: SealCheck?
  let identifier: AssetIdentifier
  let actor: Actor
  let now: Instant
  /// The roles of a person at this site; nil for who is no longer active.
  let roles: (PersonID) throws -> Set<Role>?
  /// The person who had the asset last; nil for none.
  let lastHolder: () throws -> PersonID?

  /// The intent for an asset, or why it cannot even be stated: something that must be captured is missing or malformed.
  func intent(for id: AssetID, session: SessionID?) throws -> Result<Intent, UnstatedIntent> {
    let approver = try approver()
    var held = work.details
    // What was acknowledged in one act is no word for another.
    if verb != work.workflow { for word in WorkSession.words { held[path: word] = nil } }
    var given = Self.empty(verb).overlaid(with: held).overlaid(with: scan.details)
    complete(&given, approver: approver)
    if verb == .sanitize, given[path: "record.sourceUser"] == nil, let holder = try lastHolder() {
      given[path: "record.sourceUser"] = .string(holder.description)
    }
    let details: EventDetails
    do {
      details = try CanonicalDecoder().decode(
        DetailsEnvelope.self, from: ["type": .string(verb.rawValue), "details": given]
      ).details
    } catch {
      return .failure(UnstatedIntent(refusal: refusal(for: error), path: Self.path(of: error)))
    }
    var intent = Intent(asset: id, details: details, actor: actor)
    intent.approver = approver
    intent.witness = try secondPerson(work.witness)
    intent.session = session
    intent.evidence = scan.evidence
    if let signature = work.signature, isSigned(given, signature) { intent.evidence.append(signature) }
    intent.readings = [
      ReadingEvidence(
        kind: scan.source.rawValue, raw: base64(scan.raw), symbologyIdentifier: scan.symbologyIdentifier,
        device: scan.device)
    ]
    intent.readings += scan.alsoRead
    if let commitment = work.commitments[WorkSession.recipientBadge], isAcknowledgedByBadge(given) {
      intent.commitments[WorkSession.recipientBadge] = commitment
      intent.readings.append(ReadingEvidence(kind: "badge", raw: commitment))
    }
    return .success(intent)
  }

  /// Whether what the session's badge acknowledged still stands.
  private func isAcknowledgedByBadge(_ given: CanonicalJSON) -> Bool {
    switch verb {
    case .deploy, .transfer: sessionWord(in: given) != nil
    default: false
    }
  }

  /// Whether the session's signature is the one that the details name, in the very word that it was given with.
  private func isSigned(_ given: CanonicalJSON, _ signature: EvidenceReference) -> Bool {
    guard let word = sessionWord(in: given) else { return false }
    var words = [word]
    if case .array(let several) = word { words = several }
    return words.contains { $0[path: "signature"]?.text == signature.digest }
  }

  /// What was acknowledged in the session, if these details say just that.
  private func sessionWord(in given: CanonicalJSON) -> CanonicalJSON? {
    let path = verb == .transfer ? "acknowledgements" : "acknowledgement"
    guard let word = given[path: path], word == work.details[path: path] else { return nil }
    return word
  }

  /// Fields that a schema wants even when there is nothing to say.
  private static func empty(_ verb: Verb) -> CanonicalJSON {
    switch verb {
    case .receive, .expect, .register: ["facts": [:], "identifiers": []]
    case .return: ["missingAccessories": [], "licencesToReclaim": []]
    case .transfer: ["acknowledgements": []]
    case .repairIn: ["mediaRemoved": [], "mediaAdded": []]
    case .ship: ["contents": []]
    case .amend: ["set": [:]]
    case .settle: ["claims": []]
    case .label: ["copies": 1, "outcome": "printed", "purpose": "first"]
    default: [:]
    }
  }

  /// What the station knows without being told.
  private func complete(_ details: inout CanonicalJSON, approver: Actor?) {
    switch verb {
    case .receive, .expect, .register:
      if verb == .register, details[path: "state"]?.text == LifecycleState.retired.rawValue,
        details[path: "approver"] == nil, let approver
      {
        details[path: "approver"] = .string(approver.person.description)
      }
      guard asset == nil, details[path: "identifiers"] == [] else { return }
      details[path: "identifiers"] = [
        ["kind": .string(newIdentifierKind.rawValue), "value": .string(identifier.mark)]
      ]
    case .sanitize:
      if details[path: "record.medium.serial"] == nil, let asset {
        let open = asset.unsanitizedMedia
        if open.count == 1 { details[path: "record.medium.serial"] = .string(open[0].serial) }
      }
      if let serial = details[path: "record.medium.serial"]?.text,
        let medium = asset?.mediaList?.first(where: { $0.serial == serial })
      {
        for (name, value) in [
          ("type", medium.type), ("manufacturer", medium.manufacturer), ("model", medium.model),
        ] {
          if let value { details[path: "record.medium.\(name)"] = .string(value) }
        }
        if let capacity = medium.capacity { details[path: "record.medium.capacity"] = .integer(capacity) }
      }
      if details[path: "record.performedBy"] == nil {
        details[path: "record.performedBy"] = .string(actor.person.description)
      }
      if details[path: "record.endedAt"] == nil { details[path: "record.endedAt"] = .string(now.description) }
    case .return:
      // Who gives things back has not signed for what was another's.
      if let leaver = work.leaver, asset?.custodian != .person(leaver) { details[path: "acknowledgement"] = nil }
    case .deploy:
      // With which kit it goes out is the station's to say.
      details[path: "kit"] = work.kit.map { .string($0.text) }
    case .arrive:
      // The event says whether the seal held; the number is what that was told by.
      details[path: SealCheck.field] = nil
      if let isIntact = seal?.isIntact { details[path: "sealIntact"] = .bool(isIntact) }
    case .label:
      if details[path: "mark"] == nil, let tag = asset?.tag {
        details[path: "mark"] = ["kind": .string(BoundIdentifier.Kind.tag.rawValue), "value": .string(tag)]
      }
    case .proveLabel:
      if details[path: "mark"] == nil, let mark = readMark {
        details[path: "mark"] = ["kind": .string(mark.kind.rawValue), "value": .string(mark.value)]
      }
    case .retire, .triage, .correct:
      if details[path: "approver"] == nil, let approver {
        details[path: "approver"] = .string(approver.person.description)
      }
    case .settle:
      if details[path: "kind"] == nil, let open = asset?.discrepancies?.first {
        details[path: "kind"] = .string(open.kind.rawValue)
      }
    default: break
    }
  }

  /// The mark of the asset that the scan itself showed, the label's before any other.
  private var readMark: BoundIdentifier? {
    guard let asset else { return nil }
    let texts = Set(identifier.marks.map(\.value) + [scan.text])
    if let label = asset.label?.mark, texts.contains(label.value) { return label }
    return asset.identifiers.last { texts.contains($0.value) }
  }

  /// What the scan itself says; of plain text on a box that nobody labelled, that it is the serial number.
  private var newIdentifierKind: BoundIdentifier.Kind { scan.identifierKind ?? identifier.marks[0].kind }

  /// The session's approver; a manager who acts approves by acting.
  private func approver() throws -> Actor? {
    if let approver = try secondPerson(work.approver) { return approver }
    return actor.roles.contains(.manager) ? actor : nil
  }

  /// A second person who still stands beside the actor, and for this very act.
  private func secondPerson(_ person: SecondPerson?) throws -> Actor? {
    guard let person, person.holds(for: verb, by: actor, at: now), let roles = try roles(person.person) else {
      return nil
    }
    return Actor(person: person.person, roles: roles, authStrength: person.authStrength)
  }

  /// The detail that an error is about.
  private static func path(of error: CanonicalCodingError) -> String {
    error.path.hasPrefix("details.") ? String(error.path.dropFirst(8)) : error.path
  }

  private func refusal(for error: CanonicalCodingError) -> Refusal {
    let path = Self.path(of: error)
    let field =
      DetailField.fields(for: verb).first { path == $0.path || path.hasPrefix($0.path + ".") }
      ?? DetailField.fields(for: verb).first { $0.path.hasPrefix(path + ".") }
    let label = field?.label ?? path
    let act = verb.words.imperative
    if path == "approver" {
      return Refusal(
        "scan.approver.missing", "\(act) needs a manager's approval.",
        remedy: "A manager gives badge and PIN as approver; then scan again.")
    }
    switch error.kind {
    case .missing where verb == .sanitize && field?.path == "record.medium.serial":
      return Self.noMedium(of: asset, identifier)
    case .missing:
      return Refusal(
        "scan.detail.missing", field?.missing ?? "\(act) needs: \(label).",
        remedy: field?.hint.map { "Fill in \(label), \($0); then scan again." } ?? "Fill in \(label); then scan again.")
    default:
      return Refusal(
        "scan.detail.malformed", "\(label) cannot be taken: \(error.reason).",
        remedy: "Correct \(label); then scan again.")
    }
  }
}

extension IntentBuilder {
  /// Why it is not clear which drive a sanitization is of.
  private static func noMedium(of asset: Asset?, _ identifier: AssetIdentifier) -> Refusal {
    let name = asset?.tag ?? asset?.serial ?? identifier.mark
    guard let media = asset?.mediaList else {
      return Refusal(
        "scan.detail.missing", "Nobody knows which drives \(name) has.",
        remedy: "Fill in Drive serial, as it stands on the drive; then scan again.")
    }
    guard !media.isEmpty else {
      return Refusal(
        "scan.sanitize.noMedium", "\(name) has no drive: there is nothing to sanitize.",
        remedy: "Go on with the next one. If there is a drive in it after all, fill in Drive serial and scan again.")
    }
    let open = asset?.unsanitizedMedia ?? []
    guard !open.isEmpty else {
      return Refusal(
        "scan.detail.missing", "Every drive of \(name) has a record that passes.",
        remedy: "Go on with the next one; to record a further wipe, fill in Drive serial and scan again.")
    }
    return Refusal(
      "scan.detail.missing", "\(name) has \(open.count) drives without a record that passes.",
      remedy: "Fill in Drive serial: one of \(open.map(\.serial).joined(separator: ", ")); then scan again.")
  }
}

/// Why an act cannot even be stated.
struct UnstatedIntent: Error {
  let refusal: Refusal
  /// The detail that is missing or malformed, as a dotted path.
  let path: String
}

/// Decodes a verb's details out of `{type, details}`.
private struct DetailsEnvelope: Decodable {
  let details: EventDetails

  private enum CodingKeys: String, CodingKey { case type, details }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    details = try EventDetails(container.decode(Verb.self, forKey: .type), from: container, forKey: .details)
  }
}
