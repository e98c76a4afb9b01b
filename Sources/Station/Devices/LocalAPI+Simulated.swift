import CustodyLedger
import DeviceProfiles
import Foundation
import Hummingbird
import ScannerProtocols

extension LocalAPI {
  /// The longest capture that is played, in transfers, and the longest transfer.
  private static let (mostTransfers, longestTransfer) = (100_000, 4_096)
  /// The largest request.
  private static let largestPlay = 16 << 20

  /// Plays a device folder, whose files are in the body. Answers a line of JSON for each thing that the bytes say, as it comes;
  /// the device is there until the last, or until nobody listens any more.
  @Sendable func simulate(_ request: Request, _ context: StationContext) async throws -> Response {
    let buffer = try await request.body.collect(upTo: Self.largestPlay)
    let device = try Self.device(Array(buffer.readableBytesView))
    let core = core
    return Response(
      status: .ok, headers: [.contentType: "application/x-ndjson"],
      body: ResponseBody { writer in
        guard core.devices.plug(device) else {
          try await writer.write(
            try LocalMessage.fault(
              code: "device.playing", detail: "\(device.id) is being played already.",
              remedy: "End the other one first."
            ).line)
          return try await writer.finish(nil)
        }
        defer {
          core.devices.unplug(device.id)
          core.publishDevices()
        }
        core.publishDevices()
        core.logger.notice("a device is simulated", metadata: ["device": "\(device.id)"])
        do {
          try await device.play { reading in
            await core.take(reading, played: device)
            try await writer.write(ByteBuffer(string: try reading.jsonLine() + "\n"))
          }
        } catch let fault as CaptureFault {
          try await writer.write(
            try LocalMessage.fault(
              code: "device.unreadable", detail: "\(device.id) cannot be read: \(fault).", remedy: "Correct its folder."
            ).line)
        }
        try await writer.finish(nil)
      })
  }

  /// A device from the files of its folder. Throws the problem that names what cannot be taken.
  private static func device(_ bytes: [UInt8]) throws -> PlayedDevice {
    struct Play: Decodable {
      let name: String
      let profile: String
      let reportDescriptor: String?
      let capture: [String]
      let pace: Int
      let times: Int
    }
    let play: Play
    do {
      play = try JSONDecoder().decode(Play.self, from: Data(bytes))
    } catch {
      throw Problem.malformed("The body is no device folder: \(error)")
    }
    guard (1...64).contains(play.name.utf8.count),
      play.name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    else { throw Problem.malformed("A folder's name has 1 to 64 letters, digits, -, _ and .", pointer: "/name") }
    guard (0...10_000).contains(play.pace), (1...10_000).contains(play.times) else {
      throw Problem.malformed("pace is 0 to 10000, times 1 to 10000.", pointer: "/pace")
    }
    guard (1...mostTransfers).contains(play.capture.count) else {
      throw Problem.malformed("A capture has 1 to \(mostTransfers) transfers.", pointer: "/capture")
    }
    let transfers = try play.capture.map { try hexadecimal($0, "/capture") }
    let descriptor = try play.reportDescriptor.map { try hexadecimal($0, "/reportDescriptor") }
    let profile: DeviceProfile
    do throws(DeviceProfileFault) {
      profile = try DeviceProfile(yaml: play.profile, id: play.name, file: "\(play.name)/profile.yaml")
    } catch {
      throw Problem.malformed(error.description, pointer: "/profile", remedy: "See devices/README.md for the grammar.")
    }
    return PlayedDevice(
      name: play.name, profile: profile, reportDescriptor: descriptor, transfers: transfers,
      pace: .milliseconds(play.pace), times: play.times)
  }

  private static func hexadecimal(_ text: String, _ pointer: String) throws -> [UInt8] {
    let nibbles = text.compactMap(\.hexDigitValue)
    guard nibbles.count == text.count, nibbles.count.isMultiple(of: 2), nibbles.count <= 2 * longestTransfer else {
      throw Problem.malformed("Bytes are pairs of hexadecimal digits, at most \(longestTransfer).", pointer: pointer)
    }
    return stride(from: 0, to: nibbles.count, by: 2).map { UInt8(nibbles[$0] << 4 | nibbles[$0 + 1]) }
  }
}

extension StationCore {
  /// What a played device has sent, as if it came by USB.
  func take(_ reading: CapturedReading, played device: PlayedDevice) async {
    switch reading {
    case .scan(let scan): await takeOrFail(scan, from: device.id)
    case .tag: break
    case .rejected(let rejected):
      logger.warning("scan rejected", metadata: ["device": "\(device.id)", "reason": "\(rejected)"])
    case .note: break
    }
  }
}
