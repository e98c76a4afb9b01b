import Testing

@testable import ScannerProtocols

/// Garbled reports of keyboards, bytes of serial lines and messages of card readers: whatever a device sends, its conversation goes
/// on, says no more than was sent, and forgets what nobody ended.
struct DeviceMutationTests {
  @Test(arguments: ["keyboard", "serial", "ccid"])
  func `whatever a device sends, no more is read of it than came, and silence ends it`(_ name: String) throws {
    let kinds = [DeviceProtocol.keyboard(.init()), .serial(.init(), SerialLine()), .cardReader]
    let kind = try #require(kinds.first { $0.name == name })
    var mutation = try Mutation("devices")
    var fuzzed = try #require(try kind.conversation(deviceID: "fuzz"))
    var now = Duration.zero
    _ = fuzzed.start(at: now)
    for _ in 0..<Mutation.rounds {
      let bytes = Array(mutation.next().prefix(600))
      var actions: [DeviceAction] = []
      // In transfers as a device makes them: a keyboard's are of eight bytes, or are garbage.
      let length = kind.name == "keyboard" && mutation.roll(8) > 0 ? 8 : 1 + mutation.roll(64)
      for start in stride(from: 0, to: bytes.count, by: length) {
        let transfer = Array(bytes[start..<min(start + length, bytes.count)])
        actions += fuzzed.receive(transfer, from: mutation.roll(4) == 0 ? .notices : .main, at: now)
        now += .milliseconds(1)
      }
      if mutation.roll(16) == 0 { fuzzed.interrupt("a fault", at: now) }
      // Longer than any scan, answer or fault is waited for.
      for _ in 0..<20 where fuzzed.deadline != nil {
        now += .seconds(10)
        actions += fuzzed.tick(at: now)
      }
      #expect(kind == .cardReader || fuzzed.deadline == nil, "\(bytes)")
      var told = 0
      for action in actions {
        switch action {
        case .scan(let scan):
          told += scan.raw.count
          #expect(scan.raw.count <= bytes.count, "\(bytes)")
          #expect(!scan.text.isEmpty || !scan.terminated, "\(bytes)")
          #expect(scan.text.utf8.count <= max(2 * bytes.count, 20), "\(bytes)")
        case .rejected(let rejected): told += rejected.raw.count
        case .send(let sent): #expect((10...64).contains(sent.count), "\(bytes)")
        case .tags, .identified, .finished, .heard: Issue.record("\(action): \(bytes)")
        case .fault, .well, .lost: break
        }
      }
      // A keyboard's report may end one scan and begin the next, at most with each of its six keys.
      let times = kind.name == "keyboard" ? 6 : 1
      #expect(kind == .cardReader || told <= times * bytes.count, "\(told) of \(bytes.count): \(bytes)")
      #expect(fuzzed.vanish() == nil, "something was kept of \(bytes)")
    }
  }

  @Test func `whatever a serial chip hands over, what is left of it is what the line brought`() throws {
    var mutation = try Mutation("devices")
    for _ in 0..<Mutation.rounds {
      let bytes = mutation.next()
      let size = [0, 1, 2, 3, 64, 512][mutation.roll(6)]
      let line = SerialAdapter.ftdi(port: 0, packetSize: size).receive(bytes).bytes
      // Two bytes of each packet are the chip's own.
      let packets = (bytes.count + max(size, 3) - 1) / max(size, 3)
      #expect(line.count >= bytes.count - 2 * packets && line.count <= bytes.count, "\(size): \(bytes)")
      #expect(SerialAdapter.ch340.receive(bytes).bytes == bytes)
    }
  }
}
