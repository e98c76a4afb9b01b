import Custody
import StationStore

extension CatalogueExport {
  /// Writes all assets, in order of id. Gives back how many.
  @discardableResult
  public func assets(as format: Format, to sink: Sink) async throws -> Int {
    let (people, custom) = try await store.read { snapshot in
      let people = try snapshot.people()
      return (
        Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0) }),
        format == .csv ? try snapshot.customFieldNames() : []
      )
    }
    var csv = CSVWriter()
    var json = JSONArrayWriter()
    if format == .csv {
      csv.append(AssetColumn.exported.map(\.name) + custom.map { AssetColumn.customPrefix + $0 })
      try await sink(csv.take())
    }
    var last: AssetID?
    var count = 0
    while true {
      let after = last
      let assets = try await store.read { try $0.assets(after: after, limit: Self.page) }
      guard let newest = assets.last else { break }
      var bytes: [UInt8] = []
      for asset in assets {
        switch format {
        case .csv:
          csv.append(
            AssetColumn.exported.map { Self.cell($0, of: asset, people) } + custom.map { asset.facts.custom?[$0] })
        case .json: bytes += try json.element(ExportedAsset(asset, people))
        }
      }
      try await sink(format == .csv ? csv.take() : bytes)
      count += assets.count
      last = newest.id
    }
    if format == .json { try await sink(json.end()) }
    return count
  }

  private static func cell(_ column: AssetColumn, of asset: Asset, _ people: [PersonID: Person]) -> String? {
    switch column {
    case .tag: return asset.tag
    case .serial: return asset.serial
    case .state: return asset.state.rawValue
    case .condition: return asset.condition
    case .custodian: return asset.custodian.map { $0.words(people) }
    case .custodianEmail:
      guard case .person(let id)? = asset.custodian else { return nil }
      return people[id]?.email
    case .location: return asset.location?.text
    case .expectedReturn: return asset.expectedReturn?.description
    case .marks:
      let newest = [BoundIdentifier.Kind.tag: asset.tag, .serial: asset.serial]
      let further = asset.identifiers.filter { newest[$0.kind] != .some($0.value) }
      return further.isEmpty ? nil : Cell.text(ofList: further.map { "\($0.kind.rawValue):\($0.value)" })
    default: return asset.facts.cell(column)
    }
  }
}

extension Custodian {
  /// A person by name, or by reference when the name is not known here or was erased; `team:` or `place:` and the name.
  func words(_ people: [PersonID: Person]) -> String {
    if case .person(let id) = self, let person = people[id] { return person.name }
    return key
  }
}

/// An asset as JSON, with the name of its custodian beside the reference.
private struct ExportedAsset: Encodable {
  let asset: Asset
  let custodianName: String?

  init(_ asset: Asset, _ people: [PersonID: Person]) {
    self.asset = asset
    custodianName = if case .person(let id)? = asset.custodian { people[id]?.name } else { nil }
  }

  private enum CodingKeys: String, CodingKey { case custodianName }

  func encode(to encoder: any Encoder) throws {
    try asset.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(custodianName, forKey: .custodianName)
  }
}
