import ScannerProtocols

/// A device folder that is played into the station, as if the device were there. All that comes of it is marked as its own.
struct PlayedDevice: Sendable {
  /// What the id of every such device begins with.
  static let prefix = "simulated:"

  /// The prefix and the folder's name: events carry it.
  let id: String
  let profile: DeviceProfile
  let reportDescriptor: [UInt8]?
  /// What each transfer brings.
  let transfers: [[UInt8]]
  /// Between two transfers.
  let pace: Duration
  /// How often the whole is played.
  let times: Int

  init(
    name: String, profile: DeviceProfile, reportDescriptor: [UInt8]?, transfers: [[UInt8]], pace: Duration, times: Int
  ) {
    id = Self.prefix + name
    self.profile = profile
    self.reportDescriptor = reportDescriptor
    self.transfers = transfers
    self.pace = pace
    self.times = times
  }

  /// What the device sends, decoded as it comes, and what comes of it.
  func play(_ take: (CapturedReading) async throws -> Void) async throws {
    for _ in 0..<times {
      var decoder = try CaptureDecoder(profile, reportDescriptor: reportDescriptor)
      for transfer in transfers {
        for reading in decoder.receive(transfer) { try await take(reading) }
        try await Task.sleep(for: pace)
      }
      for reading in decoder.end() { try await take(reading) }
    }
  }
}
