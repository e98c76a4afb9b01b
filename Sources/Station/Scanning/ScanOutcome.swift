import AssetIdentifiers
import Custody
import CustodyLedger
import OrderReceiving
import StationStore

/// What became of a scan, with every stop on the way: reading → identifier → resolution → decision.
struct ScanOutcome: Sendable {
  /// What the desk shows, colours and sounds.
  var result: KeptReading.Outcome
  /// At most five words.
  var words: String
  /// One sentence more.
  var sentence: String?
  var remedy: String?
  /// Code of the refusal, stable and dotted.
  var code: String?
  /// The detail that was missing or malformed, as a dotted path; nil for any other refusal.
  var lacks: String?
  /// Id of the kept reading.
  var reading: Int64 = 0
  var at: Instant
  var scan: Scan
  /// What the reading means; nil when it could not be read as anything.
  var identifier: AssetIdentifier?
  /// Where an error in the scan stands: first byte and length.
  var span: (start: Int, length: Int)?
  var resolution: Resolution?
  /// What was recorded: none for every result but accepted.
  var events: [CustodyEvent] = []
  /// Whether each event has a reading of its own besides, by which it is undone.
  var eventsHaveReadings = false
  /// Hash of the last entry that was sealed for this scan, lowercase hexadecimal.
  var entryHash: String?
  /// The asset after it.
  var asset: Asset?
  /// How what was received differs from what was ordered, gravest first.
  var findings: [ReceivingFinding] = []
  /// The order line that it came on.
  var line: OrderLineReference?
  var session: SessionID?
  /// The session after it.
  var work: WorkSession?
  /// Whether it asks the operator to look at a carton and confirm it.
  var asksAboutCarton = false
  /// A desk command that the caller has to carry out: undo or close.
  var command: DeskCommand?
}

extension ScanOutcome {
  /// The code of a reading that names a product, an order or a part, and no one thing: nothing is received by it.
  static let product = "scan.product"
}
