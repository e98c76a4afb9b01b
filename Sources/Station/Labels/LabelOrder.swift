import Custody
import LabelDesign
import StationStore

/// A label that somebody asks for.
struct LabelOrder: Hashable, Sendable {
  /// What it is the label of.
  enum Subject: Hashable, Sendable {
    /// An asset: what the template wants to know of it is filled in, and the label belongs to its custody.
    case asset(AssetID)
    /// Just what it is to say: a location's label, a badge, a sheet. Nothing is recorded of it but the job.
    case values(LabelValues)
  }

  /// The name of a template on the station's ``LabelShelf``.
  var template: String
  var subject: Subject
  /// Of an asset, what is said in place of what is known of it, or beside it.
  var fields: [String: String] = [:]
  /// The station's name for a printer; nil takes the one that has labels of the template's size.
  var printer: String?
  /// How many of the same: see `LabelDetails.copiesAtOnce`.
  var copies = 1
  var purpose = LabelDetails.Purpose.first
  /// Why it is printed again or replaced.
  var reason: String?
  /// Whether an asset without tag gets the next number; a replacement always does, in place of its old one.
  var newTag = false
  /// Whether the asset's EPC is written into the label's RFID tag.
  var encodesTag = false
  /// The desk where it is to be scanned back; nil for none.
  var desk: String?

  init(_ template: String, _ subject: Subject) {
    self.template = template
    self.subject = subject
  }
}

/// Labels that wait for their printers now.
struct LabelOrdered: Hashable, Sendable, Encodable {
  let batch: LabelBatchID
  let jobs: [LabelJobID]
}

/// Who asks for labels.
struct LabelOrderer: Sendable {
  let person: PersonID
  /// Nil for who acts by the command line: no label of an asset can be asked for then.
  let actor: Actor?

  init(_ signedIn: SignedIn) { (person, actor) = (signedIn.person.id, signedIn.actor) }

  init(person: PersonID, actor: Actor) { (self.person, self.actor) = (person, actor) }

  private init() { (person, actor) = (PersonID(high: 0, low: 0), nil) }

  /// The owner of the data folder, through the socket in it: no person of the catalogue.
  static let folderOwner = LabelOrderer()
}
