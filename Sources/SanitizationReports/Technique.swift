import Custody

/// What was done to a medium, and which method that is. The table is closed: what is not in it counts as clear.
///
/// NIST SP 800-88r2 leaves what a command achieves to IEEE 2883; docs/wipe-reports.md says which clause each row rests on.
public enum Technique: String, Hashable, Sendable, CaseIterable {
  case overwrite
  case ataSecurityErase = "ata-security-erase"
  case ataSecurityEraseEnhanced = "ata-security-erase-enhanced"
  /// NVMe Format with SES=1.
  case nvmeFormatUserData = "nvme-format-user-data"
  /// NVMe Format with SES=2: the site's policy says whether it is a purge.
  case nvmeFormatCrypto = "nvme-format-crypto"
  case nvmeSanitizeBlock = "nvme-sanitize-block"
  case nvmeSanitizeCrypto = "nvme-sanitize-crypto"
  case nvmeSanitizeOverwrite = "nvme-sanitize-overwrite"
  case ataSanitizeBlock = "ata-sanitize-block"
  case ataSanitizeCrypto = "ata-sanitize-crypto"
  case ataSanitizeOverwrite = "ata-sanitize-overwrite"
  /// A tool's composite of firmware commands that its report calls a purge by a standard of that name.
  case firmwarePurge = "firmware-purge"
  case shred, disintegrate, pulverize, incinerate, melt

  /// The method that it is when it completed.
  public func method(_ policy: TechniquePolicy) -> SanitizationMethod {
    switch self {
    case .overwrite, .ataSecurityErase, .ataSecurityEraseEnhanced, .nvmeFormatUserData: .clear
    case .nvmeFormatCrypto: policy.formatCryptoPurgeBasis == nil ? .clear : .purge
    case .nvmeSanitizeBlock, .nvmeSanitizeCrypto, .nvmeSanitizeOverwrite, .ataSanitizeBlock, .ataSanitizeCrypto,
      .ataSanitizeOverwrite, .firmwarePurge:
      .purge
    case .shred, .disintegrate, .pulverize, .incinerate, .melt: .destroy
    }
  }

  /// Whether it writes through the host's addresses, so that spare cells of flash keep what they held.
  var isHostOverwrite: Bool { self == .overwrite }
}

/// What the site decided where the standards leave it to the site.
public struct TechniquePolicy: Hashable, Sendable {
  /// The clause or document by which NVMe Format with SES=2 counts as a purge here; nil: it is a clear.
  public var formatCryptoPurgeBasis: String?

  /// A policy; without a citation everything that is left to the site is a clear.
  public init(formatCryptoPurgeBasis: String? = nil) { self.formatCryptoPurgeBasis = formatCryptoPurgeBasis }
}
