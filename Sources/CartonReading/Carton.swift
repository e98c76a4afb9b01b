/// What the codes on one carton say together: which is the serial number, which the part number, and why.
///
/// Every part of every symbol ends in exactly one place: as the source of a finding, as a candidate of a conflict, or
/// among the leftovers. The result does not depend on the order of the symbols.
public struct Carton: Hashable, Sendable {
  /// Fields that are settled, in the order of ``CartonField``.
  public let findings: [Finding]
  /// Candidates of equal right, for the operator to choose.
  public let conflicts: [Conflict]
  /// What has no meaning here, or a weaker claim than another code.
  public let leftovers: [Leftover]
  /// The known products that the carton's codes name: none, one, or lines of several orders for the same part.
  public let products: [KnownProduct]

  /// Parts that are weighed, of all symbols together; what comes after them, by its data, is left over unread.
  public static let mostParts = 512
  /// Bytes of a symbol that is read: the most that a QR code of version 40 holds is 2,953 (ISO/IEC 18004 §7.1).
  public static let longestSymbol = 4096
  /// Bytes of the longest value that is taken for a field. GS1 has 90 at most.
  public static let longestValue = 128

  /// Classifies the symbols of one picture or one burst.
  /// - Parameters:
  ///   - symbols: in any order; the same data twice counts once.
  ///   - choices: what the operator has said of this very carton. They go before everything.
  public init(
    reading symbols: some Sequence<CartonSymbol>, knowing knowledge: CartonKnowledge, choices: [CartonChoice] = []
  ) {
    var parts: [ReadPart] = []
    for symbol in Set(symbols).sorted(by: CartonSymbol.precedes) {
      let own = symbol.bytes.count > Self.longestSymbol ? [] : symbol.parts()
      parts += own.isEmpty || parts.count + own.count > Self.mostParts ? [symbol.unread] : own
    }
    let claims = Claims(parts, knowing: knowledge)
    var resolution = Resolution(knowing: knowledge)
    for (index, read) in parts.enumerated() {
      let choice = choices.last { $0.symbol == read.part.symbol && $0.part == read.part.number }
      resolution.add(read, claims.claims(of: index, choice: choice))
    }
    resolution.settle()
    findings = resolution.findings
    conflicts = resolution.conflicts
    leftovers = resolution.leftovers
    let orders = Set(findings.filter { $0.field == .purchaseOrder }.map { folded($0.value) })
    let onOrder = claims.products.filter { $0.order.map { orders.contains(folded($0)) } == true }
    products = onOrder.isEmpty ? claims.products : onOrder
  }

  /// The findings of a field; several only where that is real.
  public func findings(_ field: CartonField) -> [Finding] { findings.filter { $0.field == field } }

  /// The model of which the carton's codes look, by what was learned; nil while the codes name a model themselves, and
  /// when they look like several.
  public var suggestion: KnownProduct? {
    guard products.isEmpty else { return nil }
    let models = Set(
      findings.compactMap { finding -> KnownProduct? in
        guard case .learned(let manufacturer, let model) = finding.reason else { return nil }
        return KnownProduct(manufacturer: manufacturer.isEmpty ? nil : manufacturer, model: model)
      })
    return models.count == 1 ? models.first : nil
  }

  /// Whether nothing has to be chosen.
  public var isSettled: Bool { conflicts.isEmpty }

  /// All parts of the carton with what they were taken for, in the order of the symbols' data.
  public var parts: [CartonPart] {
    let all =
      findings.flatMap(\.sources) + conflicts.flatMap { $0.candidates.flatMap(\.sources) } + leftovers.map(\.part)
    return Set(all).sorted(by: CartonPart.precedes)
  }
}

/// What an operator said of one part of this carton.
public struct CartonChoice: Hashable, Sendable {
  public let symbol: CartonSymbol
  /// Number of the part within the symbol.
  public let part: Int
  public let field: CartonField
  /// The value, where the part has several readings for the field; nil takes the field's own way.
  public let value: String?
  /// Who said so, by name.
  public let by: String

  /// A choice.
  public init(symbol: CartonSymbol, part: Int, field: CartonField, value: String? = nil, by name: String) {
    self.symbol = symbol
    self.part = part
    self.field = field
    self.value = value
    by = name
  }
}
