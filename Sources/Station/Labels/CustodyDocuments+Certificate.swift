import Custody
import LabelDesign
import StationStore

extension CustodyDocuments {
  /// The certificate of one medium's sanitization, NIST SP 800-88r2, section 4.6.
  func certificate(
    _ row: EntryRow, _ record: SanitizationRecord, _ asset: Asset
  ) throws -> CustodyDocument {
    let event = row.event
    var fields = try common(row, prefix: "WC")
    fields["verdict"] = Self.verdict(record)
    let medium = record.medium
    fields["mediumManufacturer"] = medium.manufacturer
    fields["mediumModel"] = medium.model
    fields["mediumSerial"] = medium.serial
    fields["mediumType"] = medium.type?.uppercased()
    fields["capacity"] = medium.capacity.map { "\($0 / 1_000_000_000) GB (\(Self.grouped($0)) bytes)" }
    fields["propertyNumber"] = record.propertyNumber
    fields["asset"] = [asset.tag, asset.title].compactMap(\.self).joined(separator: ", ")
    fields["assetSerial"] = asset.serial
    fields["sourceUser"] = try record.sourceUser.flatMap { try names.person($0) }
    fields["categorisation"] = record.categorisation
    fields["requested"] = record.requested.rawValue
    fields["achieved"] = record.achieved.rawValue
    fields["technique"] = record.technique
    fields["tool"] = record.tool
    fields["toolVersion"] = record.toolVersion
    fields["startedAt"] = record.startedAt.map(moments.stamped)
    fields["endedAt"] = moments.stamped(record.endedAt)
    fields["result"] = record.result.rawValue
    fields["place"] = try record.place ?? names.place(event.to?.location)
    fields["verificationMethod"] = record.verificationMethod ?? "not verified"
    fields["verification"] = record.verification?.rawValue ?? "none"
    fields["destination"] = record.destination
    fields["residualRisks"] = record.residualRisks?.joined(separator: "; ") ?? "none stated"
    fields["reportDigest"] = record.reportDigest
    if record.reportedModel != nil, record.modelConfirmed == true {
      fields["identification"] = "the operator saw the drive: the report names another model"
    }
    let performer = try snapshot.person(record.performedBy)
    fields["operatorName"] = performer?.name ?? "a person no longer named"
    fields["operatorTitle"] = performer?.title
    fields["operatorContact"] = performer?.email
    fields["operatorDate"] = String(moments.stamped(event.wallClock).prefix(10))
    if let witness = event.witness {
      let validator = try snapshot.person(witness)
      fields["validatorName"] = validator?.name ?? "a person no longer named"
      fields["validatorTitle"] = validator?.title
      fields["validatorContact"] = validator?.email
      fields["validatorPlace"] = fields["place"]
      fields["validatorDate"] = String(moments.stamped(event.wallClock).prefix(10))
    }
    fields["event"] = event.eventID.description
    fields["entry"] = "\(event.seq) of \(event.site)/\(event.station), SHA-256 \(row.hash)"
    if let proof = try proof(row) {
      fields["log"] = proof.origin
      fields["treeSize"] = String(proof.treeSize)
      fields["leafIndex"] = String(proof.leafIndex)
      fields["rootHash"] = proof.root.base64
      fields["leafHash"] = proof.leaf.base64
      fields["proof"] =
        proof.path.isEmpty ? "empty: the log holds this entry alone" : proof.path.map(\.base64).joined(separator: " ")
    } else if let index = row.logIndex {
      fields["log"] = "held by the centre as entry \(index) of its log; its path is not here yet: look at the dossier"
    } else {
      fields["log"] = "not yet held by the centre: sealed and signed on the station"
    }
    // A field that says nothing would look forgotten.
    for name in [
      "mediumManufacturer", "mediumModel", "mediumType", "capacity", "propertyNumber", "assetSerial", "sourceUser",
      "categorisation", "startedAt", "place", "identification", "destination", "reportDigest", "operatorTitle",
      "operatorContact",
      "validatorName",
    ] where fields[name] ?? "" == "" {
      fields[name] = "not stated"
    }
    fields["statement"] =
      "This certificate states what is sealed in the ledger under the event named above. custody-audit checks it offline."
    return CustodyDocument(template: "wipe-certificate-a4", values: LabelValues(fields))
  }

  /// The outcome in words; clear is never called purge.
  static func verdict(_ record: SanitizationRecord) -> String {
    let done = record.achieved.done
    if record.passes {
      return record.verification == .passed ? "PASSED: \(done), and the verification passed" : "PASSED: \(done)"
    }
    if record.result != .passed {
      return "DOES NOT PASS: the run \(record.result == .failed ? "failed" : "was aborted")"
    }
    if record.achieved < record.requested {
      return "DOES NOT PASS: \(done), where \(record.requested.rawValue) was asked for"
    }
    if record.isModelInDoubt { return "DOES NOT PASS: the report names another model of drive" }
    return record.verification == nil
      ? "DOES NOT PASS: \(done), and not verified" : "DOES NOT PASS: \(done), and the verification failed"
  }
}

extension SanitizationMethod {
  /// What was done, as papers say it; clear is never called purge.
  var done: String {
    switch self {
    case .clear: "cleared"
    case .purge: "purged"
    case .destroy: "destroyed"
    }
  }
}
