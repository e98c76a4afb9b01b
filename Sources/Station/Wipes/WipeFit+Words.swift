import Custody
import SanitizationReports

extension WipeFit {
  /// What is so, in a sentence.
  var sentence: String {
    switch self {
    case .fits(let asset, _): "Fits \(asset.displayName)."
    case .nowhere(let serial): "No asset here lists drive \(serial)."
    case .several(let serial, let assets):
      "\(assets.map(\.displayName).joined(separator: " and ")) all list drive \(serial)."
    case .modelInDoubt(let asset, _, _): "Recorded already, of \(asset.displayName), and does not pass yet."
    case .recorded(let asset, _): "Recorded already, of \(asset.displayName)."
    case .otherFile(let asset, let event):
      "This run is recorded already, of \(asset.displayName), from another file (SHA-256 \(event.reportDigest.prefix(12))…): "
        + "this one is another form of the report, or was changed since."
    case .stale(_, let refusal): refusal.sentence
    case .unnamed: "The report names no drive."
    }
  }

  /// What to do about it; nil when there is nothing to do.
  var remedy: String? {
    switch self {
    case .fits, .recorded: nil
    case .modelInDoubt: WipeLine.modelRemedy
    case .nowhere: "Check the serial number on the drive; amend the list of drives of its asset, then look again."
    case .several: "Take it off the list of the asset that it is not in, then look again."
    case .otherFile: "Compare the two files. What is recorded stays as it is."
    case .stale(_, let refusal): refusal.remedy
    case .unnamed: "Scan or type the serial number that stands on the drive: the record says that you linked it."
    }
  }

  /// The asset that it is about; nil when that is not clear.
  var asset: Asset? {
    switch self {
    case .fits(let asset, _), .recorded(let asset, _), .otherFile(let asset, _), .stale(let asset, _),
      .modelInDoubt(let asset, _, _):
      asset
    default: nil
    }
  }
}

extension WipeLine {
  static let modelRemedy =
    "Look at the drive. If it is this one, say so and record it. Else amend the list of drives, or find the drive that was "
    + "wiped."

  /// How the report's model differs from the listed one, in a sentence; nil where it does not.
  var modelDoubt: String? {
    models.map {
      "The report is of a \($0.reported), the list says \($0.listed). It does not pass until somebody confirms the drive."
    }
  }

  /// What the validator should look at before it is recorded; nil for nothing.
  var warning: String? {
    resembled.map { event in
      "A run of \(report.tool) is recorded already, from another file (SHA-256 \(event.reportDigest.prefix(12))…): "
        + "this is another run, or that file was changed since. Compare the two files before you record it."
    }
  }
}

extension CustodyEvent {
  fileprivate var reportDigest: String {
    if case .sanitize(let details) = details { details.record.reportDigest ?? "" } else { "" }
  }
}

extension WipeReport {
  /// Why a record of it will not pass; nil when it will.
  var whyNot: String? {
    guard !passes else { return nil }
    switch result {
    case .failed: return "Does not pass: it failed."
    case .aborted: return "Does not pass: it was aborted."
    case .passed: break
    }
    if achieved < requested {
      return "Does not pass: \(requested.rawValue) was asked for, \(achieved.rawValue) was achieved."
    }
    return verification == nil ? "Does not pass: it was not verified." : "Does not pass: its verification did not."
  }
}

extension SanitizationRecord {
  /// What is said of a report that names another model than the list of drives; nil where it does not.
  var modelWords: String? {
    reportedModel.map {
      isModelInDoubt ? "the report is of a \($0), not confirmed" : "the report is of a \($0), confirmed by the operator"
    }
  }
}

extension SerialSource {
  /// Who says which drive it is.
  var words: String {
    switch self {
    case .tool: "named by the report"
    case .companion: "named by the file beside it"
    case .operatorLinked: "linked by the operator"
    }
  }
}
