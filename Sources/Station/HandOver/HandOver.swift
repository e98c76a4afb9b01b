import Custody
import CustodyLedger

/// What a person is asked to acknowledge in a session: that they take things, or gave them back. One word is for everything
/// that changes hands in the session, until another person stands there.
struct HandOver: Hashable, Sendable {
  let person: PersonID
  /// What is shown, and signed, word for word.
  let text: String
  /// Where the word stands in the session's details.
  let path: String
  /// Whether it stands in a list there.
  let isListed: Bool

  /// The hand-over of a session; nil while nobody is named who could acknowledge.
  init?(_ work: WorkSession) {
    func person(_ path: String) -> PersonID? { work.details[path: path]?.text.flatMap(PersonID.init) }
    switch work.workflow {
    case .deploy:
      guard let taker = person("recipient.person") else { return nil }
      self.init(taker, ScanFlow.acknowledgementText, at: "acknowledgement")
    case .transfer:
      guard let taker = person("custodian.person") else { return nil }
      self.init(taker, ScanFlow.acknowledgementText, at: "acknowledgements", isListed: true)
    case .return:
      guard let giver = work.leaver else { return nil }
      self.init(giver, Self.returnText, at: "acknowledgement")
    default: return nil
    }
  }

  private init(_ person: PersonID, _ text: String, at path: String, isListed: Bool = false) {
    self.person = person
    self.text = text
    self.path = path
    self.isListed = isListed
  }

  /// What who gives back is shown.
  static let returnText = "I have given back this equipment, and keep nothing of it."

  /// How this person has acknowledged already; nil while they have not.
  func given(in work: WorkSession) -> Acknowledgement.Method? {
    var word = work.details[path: path]
    if isListed, case .array(let words)? = word { word = words.first }
    guard word?[path: "person"]?.text == person.description else { return nil }
    return word?[path: "method"]?.text.flatMap(Acknowledgement.Method.init)
  }

  /// Writes the person's word into a session. `signature` is the name of the picture of theirs.
  func give(_ method: Acknowledgement.Method, signature: EvidenceReference? = nil, in work: inout WorkSession) {
    var word: CanonicalJSON = [
      "method": .string(method.rawValue), "person": .string(person.description), "text": .string(text),
    ]
    if let signature { word[path: "signature"] = .string(signature.digest) }
    work.details[path: path] = isListed ? [word] : word
    work.signature = signature
    if method != .badge { work.commitments[WorkSession.recipientBadge] = nil }
  }
}

extension Acknowledgement.Method {
  /// How it is said that somebody acknowledged.
  var words: String {
    switch self {
    case .signature: "signed"
    case .pin: "gave badge and PIN"
    case .badge: "showed their badge"
    }
  }

  /// By what it was acknowledged, as an event's line says it.
  var acknowledged: String {
    switch self {
    case .signature: "acknowledged by signature"
    case .pin: "acknowledged with badge and PIN"
    case .badge: "acknowledged by badge"
    }
  }
}
