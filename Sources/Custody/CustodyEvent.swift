/// One immutable change of custody, as it is signed. Its canonical bytes are made and read by CustodyLedger.
public struct CustodyEvent: Hashable, Sendable {
  /// Version of the envelope: 1.
  public static let version = 1

  public var eventID: EventID
  public var site: SiteCode
  public var station: StationCode
  /// Counts the station's chains from 1.
  public var epoch: Int
  /// Position in the station's chain, from 1 without gaps.
  public var seq: Int
  /// SHA-256 of the entry before, 64 lowercase hexadecimal digits; zeros for the first.
  public var prevHash: String
  /// Hybrid logical clock: milliseconds and counter.
  public var hlc: HybridTime
  public var wallClock: Instant
  /// Minutes east of UTC at the station, for showing local time.
  public var tzOffsetMinutes: Int
  public var clockTrust: ClockTrust
  /// Key hash of the signing key: eight hexadecimal digits, as in a C2SP signed note's verifier key.
  public var keyID: String
  /// Who scanned. Nil only where `authStrength` is system.
  public var `operator`: PersonID?
  public var authStrength: AuthStrength
  /// The second person, who gave badge and PIN in the same session: witness of a disposal, validator of a wipe.
  public var witness: PersonID?
  public var session: SessionID?
  public var asset: AssetID
  public var readings: [ReadingEvidence]
  public var from: Standing?
  /// Nil when a correction leaves no asset.
  public var to: Standing?
  public var details: EventDetails
  public var prior: Prior?
  /// Nil until the station has verified a tree head of its centre's log.
  public var seenCheckpoint: SeenCheckpoint?
  public var evidence: [EvidenceReference]
  /// HMAC-SHA256 commitments to personal values, by name, lowercase hexadecimal; values and salts are kept apart.
  public var commitments: [String: String]
  public var corrects: EventID?
  /// The claims that a settlement settles; nil for any other event.
  public var settles: [EventID]?

  /// The type of the event.
  public var verb: Verb { details.verb }

  /// An event from its parts.
  public init(
    eventID: EventID, site: SiteCode, station: StationCode, epoch: Int, seq: Int, prevHash: String, hlc: HybridTime,
    wallClock: Instant, tzOffsetMinutes: Int, clockTrust: ClockTrust, keyID: String,
    seenCheckpoint: SeenCheckpoint? = nil, draft: EventDraft
  ) {
    self.eventID = eventID
    self.site = site
    self.station = station
    self.epoch = epoch
    self.seq = seq
    self.prevHash = prevHash
    self.hlc = hlc
    self.wallClock = wallClock
    self.tzOffsetMinutes = tzOffsetMinutes
    self.clockTrust = clockTrust
    self.keyID = keyID
    self.seenCheckpoint = seenCheckpoint
    self.operator = draft.operator
    authStrength = draft.authStrength
    witness = draft.witness
    session = draft.session
    asset = draft.asset
    readings = draft.readings
    from = draft.from
    to = draft.to
    details = draft.details
    prior = draft.prior
    evidence = draft.evidence
    commitments = draft.commitments
    corrects = draft.corrects
    settles = draft.settles
  }
}

extension CustodyEvent: Codable {
  private enum CodingKeys: String, CodingKey {
    case v, type, eventID, site, station, epoch, seq, prevHash, hlc, wallClock, tzOffsetMinutes, clockTrust, keyID
    case `operator`, authStrength, witness, session, asset, readings, from, to, details, prior
    case seenCheckpoint, evidence, commitments, corrects, settles
  }

  /// Decodes an event; throws ``UnsupportedEvent`` for a version or type that this program does not know.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let version = try container.decode(Int.self, forKey: .v)
    let type = try container.decode(String.self, forKey: .type)
    guard version == Self.version, let verb = Verb(rawValue: type) else {
      throw UnsupportedEvent(version: version, type: type)
    }
    eventID = try container.decode(EventID.self, forKey: .eventID)
    site = try container.decode(SiteCode.self, forKey: .site)
    station = try container.decode(StationCode.self, forKey: .station)
    epoch = try container.decode(Int.self, forKey: .epoch)
    seq = try container.decode(Int.self, forKey: .seq)
    prevHash = try container.decode(String.self, forKey: .prevHash)
    hlc = try container.decode(HybridTime.self, forKey: .hlc)
    wallClock = try container.decode(Instant.self, forKey: .wallClock)
    tzOffsetMinutes = try container.decode(Int.self, forKey: .tzOffsetMinutes)
    clockTrust = try container.decode(ClockTrust.self, forKey: .clockTrust)
    keyID = try container.decode(String.self, forKey: .keyID)
    self.operator = try container.decodeIfPresent(PersonID.self, forKey: .operator)
    authStrength = try container.decode(AuthStrength.self, forKey: .authStrength)
    witness = try container.decodeIfPresent(PersonID.self, forKey: .witness)
    session = try container.decodeIfPresent(SessionID.self, forKey: .session)
    asset = try container.decode(AssetID.self, forKey: .asset)
    readings = try container.decode([ReadingEvidence].self, forKey: .readings)
    from = try container.decodeIfPresent(Standing.self, forKey: .from)
    to = try container.decodeIfPresent(Standing.self, forKey: .to)
    details = try EventDetails(verb, from: container, forKey: .details)
    prior = try container.decodeIfPresent(Prior.self, forKey: .prior)
    seenCheckpoint = try container.decodeIfPresent(SeenCheckpoint.self, forKey: .seenCheckpoint)
    evidence = try container.decode([EvidenceReference].self, forKey: .evidence)
    commitments = try container.decode([String: String].self, forKey: .commitments)
    corrects = try container.decodeIfPresent(EventID.self, forKey: .corrects)
    settles = try container.decodeIfPresent([EventID].self, forKey: .settles)
  }

  /// Encodes the event: the inverse of `init(from:)`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(Self.version, forKey: .v)
    try container.encode(verb, forKey: .type)
    try container.encode(eventID, forKey: .eventID)
    try container.encode(site, forKey: .site)
    try container.encode(station, forKey: .station)
    try container.encode(epoch, forKey: .epoch)
    try container.encode(seq, forKey: .seq)
    try container.encode(prevHash, forKey: .prevHash)
    try container.encode(hlc, forKey: .hlc)
    try container.encode(wallClock, forKey: .wallClock)
    try container.encode(tzOffsetMinutes, forKey: .tzOffsetMinutes)
    try container.encode(clockTrust, forKey: .clockTrust)
    try container.encode(keyID, forKey: .keyID)
    try container.encodeIfPresent(self.operator, forKey: .operator)
    try container.encode(authStrength, forKey: .authStrength)
    try container.encodeIfPresent(witness, forKey: .witness)
    try container.encodeIfPresent(session, forKey: .session)
    try container.encode(asset, forKey: .asset)
    try container.encode(readings, forKey: .readings)
    try container.encodeIfPresent(from, forKey: .from)
    try container.encodeIfPresent(to, forKey: .to)
    try details.encode(to: &container, forKey: .details)
    try container.encodeIfPresent(prior, forKey: .prior)
    try container.encodeIfPresent(seenCheckpoint, forKey: .seenCheckpoint)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(commitments, forKey: .commitments)
    try container.encodeIfPresent(corrects, forKey: .corrects)
    try container.encodeIfPresent(settles, forKey: .settles)
  }
}

/// An event of a version or type that this program does not know: kept as it is, shown as unsupported.
public struct UnsupportedEvent: Error, Hashable, Sendable {
  public let version: Int
  public let type: String

  /// An event that says it is of this version and type.
  public init(version: Int, type: String) {
    self.version = version
    self.type = type
  }
}
