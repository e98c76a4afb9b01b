/// `details` of `declareMissing`.
public struct MissingDetails: Hashable, Sendable, Codable {
  /// Day it was last seen or first missed.
  public var since: CalendarDate?
  /// Incident or police reference.
  public var incident: String?
  public var reason: String

  /// Nobody knows where it is.
  public init(reason: String, since: CalendarDate? = nil, incident: String? = nil) {
    self.reason = reason
    self.since = since
    self.incident = incident
  }
}

/// `details` of `found`: a missing asset turns up, and is quarantined.
public struct FoundDetails: Hashable, Sendable, Codable {
  public var location: LocationCode
  public var condition: String?
  public var incident: String?

  /// Turned up.
  public init(location: LocationCode, condition: String? = nil, incident: String? = nil) {
    self.location = location
    self.condition = condition
    self.incident = incident
  }
}
