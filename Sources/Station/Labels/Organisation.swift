import Custody
import StationStore

/// Who hands out the station's papers, as these name it.
public struct Organisation: Hashable, Sendable {
  /// Nil takes the site's name.
  public var name: String?
  /// Line by line, as on an envelope.
  public var address: [String]
  /// Whom to ask: a telephone number, an address of mail or of the web.
  public var contact: String?
  /// Characters of the name, of a line of the address, and of the contact.
  public static let longestText = 80
  public static let mostAddressLines = 4

  /// An organisation; nothing set names the site.
  ///
  /// - Parameter name: and every other text, at most ``longestText`` characters; at most ``mostAddressLines`` lines of address.
  public init(name: String? = nil, address: [String] = [], contact: String? = nil) {
    self.name = name
    self.address = address
    self.contact = contact
  }

  /// Address and contact in one; nil without any.
  var detail: String? {
    let address = address.joined(separator: ", ")
    let all = [address.isEmpty ? nil : address, contact].compactMap(\.self)
    return all.isEmpty ? nil : all.joined(separator: " · ")
  }

  /// What templates say of it, by the names that they use.
  func fields(site: SiteCode, _ snapshot: any StoreReading) throws -> [String: String] {
    var fields = ["organisation": try name ?? snapshot.sites().first { $0.code == site }?.name ?? site.text]
    fields["organisationDetail"] = detail
    return fields
  }
}
