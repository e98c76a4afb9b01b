import AssetIdentifiers
import Custody
import LabelDesign

extension StationCore {
  /// What a template can say of an asset; only what it asks for, and what is known.
  func labelValues(of asset: Asset, for template: ShelfTemplate) -> LabelValues {
    let wanted = Set(template.fieldNames)
    return LabelValues(asset.labelFields(linkingTo: options.labelURL).filter { wanted.contains($0.key) })
  }
}

extension Asset {
  /// What labels say of it, by the names that templates use for it.
  ///
  /// - Parameter base: where codes lead to, `BASE/a/TAG`; nil leaves them the tag alone.
  func labelFields(linkingTo base: String?) -> [String: String] {
    var fields: [String: String] = [:]
    func set(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { fields[name] = value }
    }
    set("tag", tag)
    set("asset", tag ?? serial)
    set("serial", serial)
    set("link", tag.flatMap { tag in base.map { $0 + "/a/" + tag } })
    let maker = facts.manufacturer
    let model = facts.model.map { model in
      maker.map { model.lowercased().hasPrefix($0.lowercased()) ? model : "\($0) \(model)" } ?? model
    }
    set("model", model ?? maker)
    set("owner", facts.owner)
    set("department", facts.department)
    set("category", facts.category)
    set("costCentre", facts.costCentre)
    set("location", location?.text)
    set("state", state.label)
    if facts.media?.count == 1, let medium = facts.media?[0] {
      set("type", medium.type)
      set("capacity", medium.capacity.map(Self.capacity))
    }
    return fields
  }

  /// As `512 GB`: the decimal units of drives' labels.
  private static func capacity(_ bytes: Int64) -> String {
    let units: [(Int64, String)] = [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB")]
    guard let (unit, name) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) B" }
    let tenths = (bytes * 10 + unit / 2) / unit
    return tenths % 10 == 0 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
  }

  /// What its RFID tag is to say: its EPC mark, or the EPC of its GIAI, GRAI or serialised GTIN.
  ///
  /// - Parameter prefix: the site's GS1 company prefix, without which no EPC can be made of a GS1 key.
  func epcToWrite(companyPrefix prefix: String?) -> Result<[UInt8], Refusal> {
    for mark in identifiers.reversed() where mark.kind == .epc {
      do throws(IdentifierError) {
        if case .tag(let tag) = try EPC(uri: mark.value) { return .success(tag.binary) }
        if case .identity(let identity) = try EPC(uri: mark.value) {
          return .success(try EPCTag.shortest(identity).binary)
        }
      } catch {
        continue
      }
      if let bytes = Self.words(mark.value) { return .success(bytes) }
    }
    let prefixes = CompanyPrefixes(prefix.map { [$0] } ?? [])
    for mark in identifiers.reversed() where [.giai, .grai, .gtinSerial].contains(mark.kind) {
      do throws(IdentifierError) {
        let identifier: ApplicationIdentifier = mark.kind == .grai ? "8003" : "8004"
        let text = mark.value.hasPrefix("(") ? mark.value : "(\(identifier))\(mark.value)"
        guard let identity = prefixes.identity(of: try ElementString(text.utf8)) else {
          continue
        }
        return .success(try EPCTag.shortest(identity).binary)
      } catch {
        continue
      }
    }
    return .failure(
      Refusal(
        "label.epc.none", "\(tag ?? serial ?? "The asset") has no mark that an RFID tag could say.",
        remedy: "Bind an EPC, a GIAI or a GRAI to it; for GS1 keys set gs1.prefix, the site's company prefix."))
  }

  /// Hexadecimal digits as whole words of sixteen bits.
  private static func words(_ text: String) -> [UInt8]? {
    let nibbles = text.compactMap(\.hexDigitValue)
    guard nibbles.count == text.count, nibbles.count.isMultiple(of: 4), (4...124).contains(nibbles.count) else {
      return nil
    }
    return stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
  }
}
