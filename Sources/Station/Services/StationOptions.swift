/// How a station is set up; read once at start.
public struct StationOptions: Sendable {
  /// Address to listen on. Loopback unless told otherwise.
  public var host: String
  public var port: Int
  /// Base URL of the centre; nil works alone.
  public var centre: String?
  /// The token that enrolment gave.
  public var centreToken: String?
  /// Whether USB scanners are looked for.
  public var usb: Bool
  /// Minutes without a sign of life after which a person is signed out.
  public var idleMinutes: Int

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
