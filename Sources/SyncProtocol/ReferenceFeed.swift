/// A page of what the centre rules and stations know: people, places, orders. Each thing has the version at which it became
/// what it is; a thing that was removed stands in the feed for ever, without a value.
public struct ReferencePage: Hashable, Sendable, Codable {
  /// The version that a station has once it has taken this page.
  public var version: Int64
  /// Whether more follows after ``version``.
  public var more: Bool
  /// 32 bytes in base64 that badges and PINs of the feed were made with, for a key file of the station.
  public var pepper: String?
  public var items: [ReferenceItem]

  /// A page.
  public init(version: Int64, more: Bool, pepper: String? = nil, items: [ReferenceItem]) {
    self.version = version
    self.more = more
    self.pepper = pepper
    self.items = items
  }
}

/// One thing of the feed.
public struct ReferenceItem: Hashable, Sendable, Codable {
  /// Above that of every change before.
  public var version: Int64
  /// See ``ReferenceKind``; one that a station does not know is left out there until its program does.
  public var kind: String
  /// What tells it from others of its kind: a code, a person's id, an order's number, the HMAC of a badge's token.
  public var key: String
  /// What it is, JSON of the value of its kind; nil once it was removed.
  public var value: String?

  /// A thing.
  public init(version: Int64, kind: String, key: String, value: String?) {
    self.version = version
    self.kind = kind
    self.key = key
    self.value = value
  }
}

/// A change to the feed that a centre is to make.
public struct ReferenceChange: Hashable, Sendable, Codable {
  public var kind: ReferenceKind
  public var key: String
  /// Nil removes it.
  public var value: String?

  /// A change.
  public init(kind: ReferenceKind, key: String, value: String?) {
    self.kind = kind
    self.key = key
    self.value = value
  }
}

/// The kinds of things in the feed that this program knows.
public enum ReferenceKind: String, Hashable, Sendable, Codable, CaseIterable {
  case site, location, person, badge, pin, order
}

/// The values of the kinds, as they stand in ``ReferenceItem/value``.
public enum ReferenceValue {
  /// Of a site, by its code.
  public struct Site: Hashable, Sendable, Codable {
    public var name: String
    public init(name: String) { self.name = name }
  }

  /// Of a location, by its code.
  public struct Location: Hashable, Sendable, Codable {
    public var site: String
    public var name: String
    public var parent: String?
    public init(site: String, name: String, parent: String?) {
      self.site = site
      self.name = name
      self.parent = parent
    }
  }

  /// Of a person, by their id. Roles stand by site.
  public struct Person: Hashable, Sendable, Codable {
    public var name: String
    public var title: String?
    public var email: String?
    public var team: String?
    public var active: Bool
    public var roles: [String: [String]]
    public init(
      name: String, title: String?, email: String?, team: String?, active: Bool, roles: [String: [String]]
    ) {
      self.name = name
      self.title = title
      self.email = email
      self.team = team
      self.active = active
      self.roles = roles
    }
  }

  /// Of a badge, by the HMAC of its token under the feed's pepper, in hexadecimal.
  public struct Badge: Hashable, Sendable, Codable {
    public var person: String
    public init(person: String) { self.person = person }
  }

  /// Of a PIN, by the person's id: salt and scrypt hash under the feed's pepper, in base64.
  public struct PIN: Hashable, Sendable, Codable {
    public var salt: String
    public var hash: String
    public init(salt: String, hash: String) {
      self.salt = salt
      self.hash = hash
    }
  }

  /// Of an order, by its number.
  public struct Order: Hashable, Sendable, Codable {
    public struct Line: Hashable, Sendable, Codable {
      public var line: Int
      public var manufacturer: String?
      public var model: String
      public var category: String?
      public var partNumber: String?
      public var quantity: Int
      public init(
        line: Int, manufacturer: String?, model: String, category: String?, partNumber: String?, quantity: Int
      ) {
        self.line = line
        self.manufacturer = manufacturer
        self.model = model
        self.category = category
        self.partNumber = partNumber
        self.quantity = quantity
      }
    }

    public var supplier: String?
    public var orderedOn: String?
    public var lines: [Line]
    public init(supplier: String?, orderedOn: String?, lines: [Line]) {
      self.supplier = supplier
      self.orderedOn = orderedOn
      self.lines = lines
    }
  }
}
