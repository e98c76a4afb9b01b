/// How strongly a person was recognised. The order is from weak to strong.
public enum AuthStrength: String, Hashable, Sendable, Codable, CaseIterable {
  /// No person: an import or a rule, named by the event's details.
  case system
  /// A badge was scanned: it identifies, it does not authenticate.
  case badge
  /// Badge and PIN, checked by this station without the centre.
  case badgePINOffline
  /// Badge and PIN, checked with the centre in reach.
  case badgePIN

  /// Whether this proves who acted, rather than only naming them.
  public var authenticates: Bool { self == .badgePIN || self == .badgePINOffline }
}

/// What a person may do at a site.
public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
  case viewer, counter, technician, disposalOperator, validator, manager, auditor, admin
}

/// A person in the act: who, with which roles at this site, and how surely recognised.
public struct Actor: Hashable, Sendable {
  /// Opaque reference to the person.
  public let person: PersonID
  /// Roles held at the site of the station.
  public let roles: Set<Role>
  /// How the person was recognised for this act.
  public let authStrength: AuthStrength

  /// A person in the act.
  public init(person: PersonID, roles: Set<Role>, authStrength: AuthStrength) {
    self.person = person
    self.roles = roles
    self.authStrength = authStrength
  }
}

/// Who answers for an asset: a person, a team, or a place that holds it for everybody.
public enum Custodian: Hashable, Sendable, Codable {
  case person(PersonID)
  /// A team by its name, 1 to 200 characters; a team is not personal data.
  case team(String)
  case place(LocationCode)

  private enum CodingKeys: String, CodingKey { case person, team, place }

  /// Decodes the one of `person`, `team`, `place` that is there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let person = try container.decodeIfPresent(PersonID.self, forKey: .person) {
      self = .person(person)
    } else if let team = try container.decodeIfPresent(String.self, forKey: .team) {
      self = .team(team)
    } else {
      self = .place(try container.decode(LocationCode.self, forKey: .place))
    }
  }

  /// Encodes an object with the one key that applies.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .person(let person): try container.encode(person, forKey: .person)
    case .team(let team): try container.encode(team, forKey: .team)
    case .place(let place): try container.encode(place, forKey: .place)
    }
  }
}
