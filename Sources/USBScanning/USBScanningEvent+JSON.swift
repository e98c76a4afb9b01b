import FoundationEssentials
import ScannerProtocols

extension USBScanningEvent {
  /// The event as one line of JSON, without the line's end.
  ///
  /// Every line has `event`: status, attached, changed, detached, scan, tags, rejected, fault or tagMemory. `device` is the device's id;
  /// `details` the whole device; `raw` the reports in hexadecimal. Keys that do not apply are left out.
  public func jsonLine() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Line(self)), as: UTF8.self)
  }

  private struct Tag: Encodable {
    let epc: String
    let antenna: Int?
    let rssi: Int?
    let strength: Int?
    let count: Int

    init(_ tag: TagRead) {
      epc = hexadecimal(tag.epc)
      antenna = tag.antenna
      count = tag.count
      switch tag.strength {
      case .dBm(let value)?: (rssi, strength) = (value, nil)
      case .raw(let value)?: (rssi, strength) = (nil, value)
      case nil: (rssi, strength) = (nil, nil)
      }
    }
  }

  private struct Line: Encodable {
    var event: String
    var device: String?
    var details: USBDevice?
    var status: String?
    var text: String?
    var raw: String?
    var symbologyIdentifier: String?
    var terminated: Bool?
    var followsFault: Bool?
    var discardedCharacters: Int?
    var message: String?
    var remedy: String?
    var tags: [Tag]?
    var epc: String?
    var memory: String?

    init(_ event: USBScanningEvent) {
      switch event {
      case .status(let status):
        self.event = "status"
        self.status = status.description
      case .attached(let device):
        self.event = "attached"
        describe(device)
      case .changed(let device):
        self.event = "changed"
        describe(device)
      case .detached(let device, let discarded):
        self.event = "detached"
        describe(device)
        discardedCharacters = discarded?.characters
        raw = discarded.map { hexadecimal($0.raw) }
      case .scan(let scan):
        self.event = "scan"
        device = scan.deviceID
        text = scan.text
        symbologyIdentifier = scan.symbologyIdentifier
        raw = hexadecimal(scan.raw)
        terminated = scan.terminated
        followsFault = scan.followsFault
      case .tags(let device, let tags):
        self.event = "tags"
        self.device = device
        self.tags = tags.map(Tag.init)
      case .rejected(let rejected):
        self.event = "rejected"
        device = rejected.deviceID
        raw = hexadecimal(rejected.raw)
        message = rejected.message
        remedy = rejected.remedy
      case .finished(let device, let job, let outcome):
        self.event = "tagMemory"
        self.device = device
        epc = hexadecimal(job.epc)
        message = outcome.description
        if case .read(let bytes) = outcome { memory = hexadecimal(bytes) }
      case .recorded(let device, let record):
        self.device = device
        switch record {
        case .reportDescriptor(let bytes): (self.event, raw) = ("reportDescriptor", hexadecimal(bytes))
        case .transfer(let bytes): (self.event, raw) = ("transfer", hexadecimal(bytes))
        }
      case .fault(let device, let message, let remedy):
        self.event = "fault"
        if let device { describe(device) }
        self.message = message
        self.remedy = remedy
      }
    }

    private mutating func describe(_ device: USBDevice) {
      self.device = device.id
      details = device
    }
  }
}

private func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(bytes.count * 2)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}
