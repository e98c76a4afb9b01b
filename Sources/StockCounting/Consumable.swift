import Custody

/// Stock without serial numbers at one place, such as cables or toner: how much of it the records have there, and how far a count may
/// be from that.
public struct Consumable: Hashable, Sendable {
  /// What one unit is worth.
  public struct UnitValue: Hashable, Sendable {
    /// In minor units of the currency (ISO 4217), such as cents: 0 to ``Consumable/mostValue``.
    public var minorUnits: Int64
    /// ISO 4217, such as `EUR`.
    public var currency: String

    /// A value.
    public init(minorUnits: Int64, currency: String) {
      self.minorUnits = minorUnits
      self.currency = currency
    }
  }

  /// How far a count may be from the records, in both directions.
  public enum Tolerance: Hashable, Sendable {
    /// So many units.
    case quantity(Int)
    /// Units worth so much, in minor units of the unit value's currency.
    case value(Int64)

    /// None: as serialised assets have.
    public static let zero = Tolerance.quantity(0)

    /// Whether a difference of so many units is within it. Without a unit value, or where the product is larger than can be said, a
    /// tolerance in value holds for no difference but none.
    public func holds(_ difference: Int, at value: UnitValue?) -> Bool {
      switch self {
      case .quantity(let most): return difference.magnitude <= most.magnitude
      case .value(let most):
        guard difference != 0 else { return true }
        guard let value, let units = Int64(exactly: difference.magnitude) else { return false }
        let (worth, isTooLarge) = units.multipliedReportingOverflow(by: value.minorUnits)
        return !isTooLarge && worth <= most
      }
    }
  }

  public var code: ConsumableCode
  public var location: LocationCode
  public var name: String
  /// What is counted, such as `piece` or `m`.
  public var unit: String
  public var value: UnitValue?
  public var tolerance: Tolerance
  /// On record: 0 to ``mostUnits``.
  public var quantity: Int

  /// The largest quantity, and the largest that is said at once.
  public static let mostUnits = 1_000_000_000
  /// The largest value of a unit, and of a tolerance, in minor units.
  public static let mostValue: Int64 = 1_000_000_000_000
  /// Roles that may set a quantity by what a count came to.
  public static let roles: Set<Role> = [.technician, .disposalOperator, .manager, .admin]

  /// A consumable at a place.
  public init(
    code: ConsumableCode, location: LocationCode, name: String, unit: String, value: UnitValue? = nil,
    tolerance: Tolerance = .zero, quantity: Int
  ) {
    self.code = code
    self.location = location
    self.name = name
    self.unit = unit
    self.value = value
    self.tolerance = tolerance
    self.quantity = quantity
  }
}

/// What somebody said of a consumable during a count. What one counter says several times adds up.
public struct ConsumableSighting: Hashable, Sendable {
  public let code: ConsumableCode
  /// So many more; 0 says that there is none. Of what takes back another it says nothing.
  public let quantity: Int
  /// The observation of the same counter that it takes back; nil for one that counts.
  public let undoes: ObservationID?

  /// A sighting.
  public init(code: ConsumableCode, quantity: Int, undoes: ObservationID? = nil) {
    self.code = code
    self.quantity = quantity
    self.undoes = undoes
  }
}
