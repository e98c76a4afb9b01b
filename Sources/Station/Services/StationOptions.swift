import AssetIdentifiers
import BarcodeVision
import HTTPServing
import ScannerProtocols
import StationSync
import TamperEvidence

/// How a station is set up; read once at start.
public struct StationOptions: Sendable {
  /// Address to listen on. Loopback unless told otherwise.
  public var host: String
  public var port: Int
  /// Base URL of the centre; nil works alone.
  public var centre: String?
  /// The token that enrolment gave.
  public var centreToken: String?
  /// The key of the centre's log; nil trusts the first that the centre names.
  public var centreKey: VerifierKey?
  /// By what the centre's certificate is known.
  public var centreTrust = CentreTrust.system
  /// How the desk is served over TLS; nil serves in the clear.
  public var tls: ServerTLS.Source?
  /// Whether browsers come through a TLS proxy, which says in `X-Forwarded-For` for whom.
  public var isBehindProxy = false
  /// Whether browsers see the desk over TLS, so that cookies travel nowhere else.
  public var isSecure: Bool { tls != nil || isBehindProxy }
  /// Whether USB scanners are looked for.
  public var usb: Bool
  /// Minutes without a sign of life after which a person is signed out.
  public var idleMinutes: Int

  /// Language of the pages, by its code, where neither a person nor a browser says which.
  public var language = "en"

  /// Live cameras by name.
  public var cameras: [CameraSetting] = []
  /// How long a symbol must be out of a camera's view before it counts again.
  public var repeatAfter = Duration.seconds(2)
  /// When a frame of a browser's camera came. Tests hold it.
  var frameTime: @Sendable () -> ContinuousClock.Instant = { .now }
  /// RFID readers on the network, by names that differ.
  public var readers: [ReaderSetting] = []
  /// Which RFID tags count, how long they stay, and where antennas stand.
  public var tags = TagField.Configuration(smoothing: TagSmoother.Configuration(reminder: nil))
  /// How new asset tags are numbered.
  public var tagSeries = TagSeries.standard
  /// A printer that is set up at the start, in place of any of that name: the demo's. Nil for none.
  public var printer: Printer?

  /// A printer to set up.
  public struct Printer: Hashable, Sendable {
    public let name: String
    public let address: String
    public let profile: String
    public let labels: [String]

    public init(name: String, address: String, profile: String, labels: [String]) {
      (self.name, self.address, self.profile, self.labels) = (name, address, profile, labels)
    }
  }

  /// The clause by which NVMe Format with SES=2 counts as a purge here; nil: it counts as a clear.
  public var formatCryptoPurgeBasis: String?

  /// Who hands out the station's papers.
  public var organisation = Organisation()
  /// Where the codes of new labels lead: `BASE/a/TAG`; nil lets them say the tag alone.
  public var labelURL: String?
  /// The template of which a label is printed when an asset without tag is received at the desk; nil prints none.
  public var labelOnReceive: String?
  /// The site's GS1 company prefix, of which the EPCs of its GS1 keys are made; nil when it has none.
  public var companyPrefix: String?
  /// Whether serial devices are listened to that nobody has adopted.
  public var listens = true
  /// The owner's device folders: a folder of them, or one; nil without any.
  public var deviceFolder: String?
  /// The folder whose new pictures are read; nil watches none.
  public var watchFolder: String?

  /// A station's set-up.
  public init(
    host: String = "127.0.0.1", port: Int = 8080, centre: String? = nil, centreToken: String? = nil, usb: Bool = true,
    idleMinutes: Int = 15
  ) {
    self.host = host
    self.port = port
    self.centre = centre
    self.centreToken = centreToken
    self.usb = usb
    self.idleMinutes = idleMinutes
  }
}

extension StationOptions {
  /// Whether a text is an address that a centre can have: `http://` or `https://` and a host.
  public static func isAddressOfCentre(_ text: String) -> Bool {
    do throws(SyncError) {
      _ = try CentralClient(base: text, token: "")
      return true
    } catch {
      return false
    }
  }
}

/// One live camera of the settings.
public struct CameraSetting: Sendable, Equatable {
  /// Its name: 1 to 32 letters, digits, `-` and `_`. It is part of addresses, and stands in events as `camera:NAME`.
  public let name: String
  public let source: CameraSource

  /// Reads `NAME=SOURCE`; throws a sentence that says what is wrong.
  public init(_ text: String) throws(CameraSettingError) {
    guard let sign = text.firstIndex(of: "=") else {
      throw CameraSettingError(description: "A camera is written NAME=SOURCE, such as door=/dev/video0.")
    }
    name = String(text[..<sign])
    guard name.isNameOfDevice else {
      throw CameraSettingError(description: "A camera's name has 1 to 32 letters, digits, - and _.")
    }
    do {
      source = try CameraSource(String(text[text.index(after: sign)...]))
    } catch {
      throw CameraSettingError(description: "\(error) \(error.remedy)")
    }
  }
}

/// Why a setting names no camera; without what is secret in it.
public struct CameraSettingError: Error, Sendable, CustomStringConvertible {
  public let description: String
}
