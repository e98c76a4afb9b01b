import ClockTestSupport
import ReaderNetwork
import ScannerProtocols
import Testing

/// A client and an emulated reader, over TCP.
@Suite(.timeLimit(.minutes(25))) struct NetworkReaderTests {
  @Test func `a reader is asked what it can do, set, started, and left in good order`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port, options: "?power=27&keepalive=20") { client in
        let status = try await client.status(.reading)
        #expect(status.capabilities?.firmware == "emulated")
        #expect(status.capabilities?.antennas == 4)
        #expect(status.connections == 1)
        #expect(status.reason == nil)
        try emulated.report([TagRead(epc: epc(1), antenna: 2, strength: .dBm(-51), count: 3)])
        try await client.reads(1)
        #expect(client.reads.map(\.read) == [TagRead(epc: epc(1), antenna: 2, strength: .dBm(-51), count: 3)])
      }
      await until { emulated.received.contains { $0.type == 14 } }
      #expect(
        emulated.received.map(\.name) == [
          "GET_READER_CAPABILITIES", "SET_READER_CONFIG", "DELETE_ACCESSSPEC", "DELETE_ROSPEC", "ADD_ROSPEC",
          "ENABLE_ROSPEC", "ENABLE_EVENTS_AND_REPORTS", "DELETE_ROSPEC", "CLOSE_CONNECTION",
        ])
      let spec = try #require(try emulated.received[4].content()?.first("ROSpec"))
      let antenna = spec.first("AISpec")?.first("InventoryParameterSpec")?.first("AntennaConfiguration")
      // 27 dBm is the 18th step of the emulated reader's table, which begins at 10 dBm.
      #expect(antenna?.first("RFTransmitter")?.number("TransmitPower") == 18)
      let keepAlive = try emulated.received[1].content()?.first("KeepaliveSpec")
      #expect(keepAlive?.number("PeriodicTriggerValue") == 20_000)
    }
  }

  @Test func `300 tags in the field all come, however their bytes are cut`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        var emulation = try LLRPEmulation()
        var bytes: [UInt8] = []
        for round in 0..<5 {
          for first in stride(from: 0, to: 300, by: 7) {
            let tags = (first..<min(first + 7, 300)).map { TagRead(epc: epc($0), antenna: 1 + (round + $0) % 4) }
            bytes += try emulation.report(tags).bytes
          }
        }
        // Single bytes first, then pieces that fit no message.
        for byte in bytes.prefix(1_000) { emulated.send([byte]) }
        for start in stride(from: 1_000, to: bytes.count, by: 997) {
          emulated.send(Array(bytes[start..<min(start + 997, bytes.count)]))
        }
        try await client.reads(1_500)
        var field = TagField()
        var arrived = 0
        for read in client.reads {
          for case .tag(.arrived) in field.take(read.read, reader: "dock", at: read.at) { arrived += 1 }
        }
        #expect(arrived == 300)
        #expect(field.present.count == 300)
        #expect(field.present.allSatisfy { $0.count == 5 })
      }
    }
  }

  @Test func `of a flood of reads none is lost`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        for _ in 0..<100 { try emulated.report((0..<300).map { TagRead(epc: epc($0), antenna: 1) }) }
        try await client.reads(30_000)
        #expect(client.reads.count == 30_000)
        #expect(Set(client.reads.map(\.read.epc)).count == 300)
        #expect(client.reader.status.connections == 1)
      }
    }
  }

  @Test func `a recording is played as its reader sent it`() async throws {
    // Captured reports of an Impinj reader: sllurp tests/test_all.py, see Vectors/ScannerProtocols/frames.txt.
    let first = "043d0000002c4095892f00f000228d3005fb63ac1f3841ec88046781000186ce820004ec2ea8354c09880001"
    let second =
      "043d000000374095894100f0002d00f1001800901fb41f712ac9c37ab79d618173188324001a81000186ef820004ec2ea8381f57880001"
    let emulation = try LLRPEmulation(recording: hex(first + second))
    try await withEmulatedReader(emulation) { emulated, port in
      #expect(!emulated.playNext())
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        for _ in 0..<3 { #expect(emulated.playNext()) }
        try await client.reads(3)
        #expect(
          client.reads.map(\.read.epc) == [
            hex("3005fb63ac1f3841ec880467"), hex("1fb41f712ac9c37ab79d618173188324001a"),
            hex("3005fb63ac1f3841ec880467"),
          ])
        #expect(client.reads.first?.read.strength == .dBm(-50))
      }
    }
    #expect(throws: LLRPFault.self) { try LLRPEmulation(recording: hex(first).dropLast()) }
    #expect(throws: LLRPFault.self) { try LLRPEmulation(recording: Array("no LLRP".utf8)) }
  }

  @Test func `what is asked of a reader that it has not is told with the option that mends it`() async throws {
    try await withEmulatedReader { emulated, port in
      // The emulated reader has four antennas.
      try await ReaderUnderTest.run(port: port, options: "?antennas=1+7") { client in
        let status = try await client.status { $0.phase == .reading && $0.reason != nil }
        #expect(status.reason == "the reader has 4 antennas: without antenna 7, the others are used")
        #expect(
          status.remedy == "Name antennas from 1 to 4 with antennas= in its address, or leave that out for all of them."
        )
      }
    }
  }

  @Test func `two readers at once see their own tags, and share one field`() async throws {
    try await withEmulatedReader { first, firstPort in
      try await withEmulatedReader { second, secondPort in
        let clock = ManualClock()
        try await ReaderUnderTest.run(name: "door", port: firstPort, clock: clock) { door in
          try await ReaderUnderTest.run(name: "shelf", port: secondPort, clock: clock) { shelf in
            try await door.status(.reading)
            try await shelf.status(.reading)
            try first.report((0..<100).map { TagRead(epc: epc($0), antenna: 1, strength: .dBm(-70)) })
            try second.report((50..<150).map { TagRead(epc: epc($0), antenna: 1, strength: .dBm(-40)) })
            try await door.reads(100)
            try await shelf.reads(100)
            var field = TagField()
            for read in door.reads { _ = field.take(read.read, reader: door.reader.name, at: read.at) }
            for read in shelf.reads { _ = field.take(read.read, reader: shelf.reader.name, at: read.at) }
            #expect(field.present.count == 150)
            #expect(field.present.filter { $0.antenna.reader == "shelf" }.count == 100)
          }
        }
      }
    }
  }

  @Test func `a reader that is lost is told, and connected again after a wait`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        emulated.hangUp()
        try await client.interruption()
        let lost = try await client.status(.lost)
        #expect(lost.reason == "the reader closed the connection")
        #expect(lost.remedy?.isEmpty == false)
        #expect(lost.failures == 1)
        await client.clock.sleepers(1)
        client.clock.advance(by: .milliseconds(999))
        #expect(client.reader.status.phase == .lost)
        client.clock.advance(by: .milliseconds(1))
        let again = try await client.status(.reading)
        #expect(again.connections == 2)
        #expect(again.reason == nil)
        try emulated.report([TagRead(epc: epc(7))])
        try await client.reads(1)
      }
    }
  }

  @Test func `a silent reader counts as lost after three signs of life that did not come`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        await client.clock.sleepers(1)
        client.clock.advance(by: .seconds(20))
        emulated.giveSignOfLife()
        await until { emulated.received.contains { $0.name == "KEEPALIVE_ACK" } }
        // The beginning of a message, which never ends, is none.
        emulated.send([0x04, 0x3D, 0x00, 0x00])
        await client.clock.sleepers(1)
        client.clock.advance(by: .milliseconds(29_999))
        await client.clock.sleepers(1)
        #expect(client.reader.status.phase == .reading)
        client.clock.advance(by: .seconds(1))
        #expect(try await client.status(.lost).reason == "no sign of life from the reader")
      }
    }
  }

  @Test(arguments: [
    Array("HTTP/1.1 400 Bad Request\r\n".utf8),
    // A length of 2 GiB, of 9, and of 0.
    [0x04, 0x3D, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 0, 1], [0x04, 0x3D, 0, 0, 0, 9, 0, 0, 0, 1],
    [0x04, 0x3D, 0, 0, 0, 0, 0, 0, 0, 1],
    [UInt8](repeating: 0xFF, count: 4_096),
  ])
  func `what is no LLRP ends the connection at once`(_ bytes: [UInt8]) async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        emulated.send(bytes)
        let lost = try await client.status(.lost)
        #expect(lost.reason == "what comes is no LLRP")
        #expect(lost.remedy?.contains("llrps://") == true)
      }
    }
  }

  @Test func `a message that makes no sense costs its tags, not the reader`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        // A report whose parameter is longer than the message.
        emulated.send([0x04, 0x3D, 0, 0, 0, 14, 0, 0, 0, 1, 0, 240, 0xFF, 0xFF])
        let status = try await client.status { $0.reason != nil }
        #expect(status.phase == .reading)
        #expect(status.reason?.contains("RO_ACCESS_REPORT makes no sense") == true)
        try emulated.report([TagRead(epc: epc(8))])
        try await client.reads(1)
        #expect(client.reads.map(\.read.epc) == [epc(8)])
      }
    }
  }

  @Test func `a reader with another client says so, and is taken over when it is free`() async throws {
    try await withEmulatedReader { emulated, port in
      let clock = ManualClock()
      try await ReaderUnderTest.run(port: port, clock: clock) { first in
        try await first.status(.reading)
        let late = ManualClock()
        try await ReaderUnderTest.run(port: port, clock: late) { second in
          let lost = try await second.status(.lost)
          #expect(lost.reason == "another client is connected to the reader")
          #expect(lost.remedy?.contains("other program") == true)
        }
      }
    }
  }

  @Test func `nobody at the port, and a name that nobody knows, are told with what to do`() async throws {
    var free = 0
    try await withEmulatedReader { _, port in free = port }
    try await ReaderUnderTest.run(port: free) { client in
      let lost = try await client.status(.lost)
      #expect(lost.reason == "127.0.0.1 refuses port \(free)")
      #expect(lost.remedy?.contains("LLRP") == true)
      // Again after 1 s, then after 2 s.
      await client.clock.sleepers(1)
      client.clock.advance(by: .seconds(1))
      try await client.status { $0.failures == 2 }
      await client.clock.sleepers(1)
      client.clock.advance(by: .seconds(1))
      #expect(client.reader.status.failures == 2)
      client.clock.advance(by: .seconds(1))
      try await client.status { $0.failures == 3 }
    }
  }

  @Test func `antennas and modes that the reader has not are left out, and told`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port, options: "?antennas=2+9&mode=1002") { client in
        let status = try await client.status(.reading)
        #expect(status.reason?.contains("no mode 1002") == true)
        let add = try #require(emulated.received.first { $0.name == "ADD_ROSPEC" })
        let inventory = try #require(try add.content()?.first("ROSpec")?.first("AISpec"))
        #expect(inventory["AntennaIDs"] == .words([2]))
        let command = inventory.first("InventoryParameterSpec")?.first("AntennaConfiguration")?
          .first("C1G2InventoryCommand")
        #expect(command?.first("C1G2RFControl") == nil)
      }
    }
  }

  @Test func `a reader that refuses the inventory is left, and told`() async throws {
    var emulation = try LLRPEmulation()
    emulation.refusals = [20: 101]
    try await withEmulatedReader(emulation) { _, port in
      try await ReaderUnderTest.run(port: port) { client in
        let lost = try await client.status(.lost)
        #expect(lost.reason == "the reader refuses the inventory")
        #expect(lost.remedy?.contains("options") == true)
      }
    }
  }

  @Test func `tag memory is read, and an EPC written and found as written`() async throws {
    var emulation = try LLRPEmulation()
    emulation.memory[epc(1)] = [
      .tid: [0xE280, 0x1160, 0x2000, 0x1234, 0x5678, 0x9ABC], .user: [0, 0],
      .epc: [0x1234, 0x3000] + [0x3074, 0x257B, 0xF719, 0x4E40, 0x0000, 0x0001],
    ]
    try await withEmulatedReader(emulation) { _, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        #expect(
          await client.reader.perform(.operation(.readTID), on: epc(1))
            == .read([0xE2, 0x80, 0x11, 0x60, 0x20, 0x00, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC]))
        #expect(
          await client.reader.perform(
            .operation(.write(.user, wordPointer: 0, bytes: [1, 2, 3, 4])), on: epc(1)) == .verified)
        #expect(await client.reader.perform(.writeEPC(epc(2)), on: epc(1)) == .verified)
        #expect(
          await client.reader.perform(.operation(.read(.user, wordPointer: 0, wordCount: 2)), on: epc(2))
            == .read([1, 2, 3, 4]))
        guard
          case .refused = await client.reader.perform(
            .operation(.read(.user, wordPointer: 0, wordCount: 3)), on: epc(2))
        else {
          Issue.record("three words of two were read")
          return
        }
      }
    }
  }

  @Test func `what waits for a tag's memory ends when the reader is lost`() async throws {
    try await withEmulatedReader { emulated, port in
      try await ReaderUnderTest.run(port: port) { client in
        try await client.status(.reading)
        let reader = client.reader
        async let outcome = reader.perform(.operation(.readTID), on: epc(1))
        await until { emulated.received.contains { $0.name == "ENABLE_ACCESSSPEC" } }
        emulated.hangUp()
        #expect(await outcome == .noAnswer("the connection to the reader was lost"))
        try await client.status(.lost)
        #expect(
          await client.reader.perform(.operation(.readTID), on: epc(1)) == .noAnswer("the reader is not connected"))
      }
    }
  }

  // MARK: Time

  @Test func `reads are dated by when the tag was heard, on our clock`() async throws {
    try await withEmulatedReader { emulated, port in
      let clock = ManualClock()
      clock.advance(by: .seconds(100))
      try await ReaderUnderTest.run(port: port, clock: clock) { client in
        try await client.status(.reading)
        // The stopwatch began at 100 s. The first report came at once, the second is 600 ms old, the third 60 s.
        let began: UInt64 = 2_000_000_000_000_000
        clock.advance(by: .seconds(10))
        try emulated.report([TagRead(epc: epc(1), lastSeen: .utc(microseconds: began))])
        try await client.reads(1)
        clock.advance(by: .seconds(2))
        try emulated.report([TagRead(epc: epc(2), lastSeen: .utc(microseconds: began + 1_400_000))])
        try await client.reads(2)
        clock.advance(by: .seconds(5))
        clock.advance(by: .seconds(5))
        try emulated.report([TagRead(epc: epc(3), lastSeen: .utc(microseconds: began + 2_000_000))])
        try await client.reads(3)
        #expect(client.reads.map(\.at) == [.seconds(10), .milliseconds(11_400), .seconds(12)])
      }
    }
  }

  // MARK: TLS

  @Test func `with TLS, a reader whose certificate is known is read`() async throws {
    let certificate = vectors.appendingPathComponent("reader-certificate.pem").path
    try await withEmulatedReader(secure: true) { emulated, port in
      try await ReaderUnderTest.run(
        scheme: "llrps", port: port, options: "?ca=\(certificate)&name=reader.test"
      ) { client in
        try await client.status(.reading)
        try emulated.report([TagRead(epc: epc(9))])
        try await client.reads(1)
      }
    }
  }

  @Test(arguments: ["", "?name=reader.test", "?ca=CERTIFICATE", "?ca=CERTIFICATE&name=other.test", "?ca=/nowhere.pem"])
  func `with TLS, a reader that cannot prove who it is is not read`(_ options: String) async throws {
    let certificate = vectors.appendingPathComponent("reader-certificate.pem").path
    try await withEmulatedReader(secure: true) { emulated, port in
      let options = options.replacing("CERTIFICATE", with: certificate)
      try await ReaderUnderTest.run(scheme: "llrps", port: port, options: options) { client in
        let lost = try await client.status(.lost)
        #expect(lost.reason?.contains("certificate") == true, "\(lost.reason ?? "")")
        #expect(lost.remedy?.contains("ca=FILE") == true)
        #expect(emulated.received.isEmpty)
      }
    }
  }

  @Test func `a reader without TLS is not read by an address with TLS, nor the other way round`() async throws {
    try await withEmulatedReader { _, port in
      try await ReaderUnderTest.run(scheme: "llrps", port: port) { client in
        let lost = try await client.status(.lost)
        #expect(lost.reason == "port \(port) of 127.0.0.1 does not answer with TLS")
        #expect(lost.remedy?.contains("llrp://") == true, "\(lost.remedy ?? "")")
      }
    }
    try await withEmulatedReader(secure: true) { _, port in
      try await ReaderUnderTest.run(port: port) { client in
        // The server waits for a ClientHello, the client for the reader's first words.
        try await client.status(.settingUp)
        await client.clock.sleepers(1)
        client.clock.advance(by: .seconds(5))
        #expect(
          try await client.status(.lost).reason == "the reader does not say whether it takes the connection")
      }
    }
  }
}
