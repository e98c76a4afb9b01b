import Testing

@testable import ReaderNetwork

struct ReaderAddressTests {
  @Test(arguments: [
    ("llrp://10.0.0.5", "10.0.0.5", 5084, "llrp://10.0.0.5:5084"),
    ("llrp://dock.example:15084", "dock.example", 15_084, "llrp://dock.example:15084"),
    ("llrps://dock", "dock", 5085, "llrps://dock:5085"),
    ("llrp://[fe80::1]:5084", "fe80::1", 5084, "llrp://[fe80::1]:5084"),
    ("llrp://[fe80::1]", "fe80::1", 5084, "llrp://[fe80::1]:5084"),
  ])
  func `host and port`(_ text: String, _ host: String, _ port: Int, _ shown: String) throws {
    let address = try ReaderAddress(text)
    #expect(address.host == host)
    #expect(address.port == port)
    #expect((address.tls != nil) == text.hasPrefix("llrps"))
    #expect(address.description == shown)
  }

  @Test func `options set the inventory`() throws {
    let address = try ReaderAddress(
      "llrps://dock?power=27&antennas=1+3&mode=1002&session=2&population=300&prefix=3034&keepalive=20&ca=/etc/dock.pem&name=speedway"
    )
    let inventory = address.configuration.inventory
    #expect(inventory.antennas == [1, 3])
    #expect(inventory.mode == 1_002)
    #expect(inventory.session == 2)
    #expect(inventory.population == 300)
    #expect(inventory.epcPrefix == [0x30, 0x34])
    #expect(address.configuration.power == 27)
    #expect(address.configuration.keepAlive == .seconds(20))
    #expect(address.tls == ReaderAddress.TLS(authorities: "/etc/dock.pem", name: "speedway"))
  }

  @Test(arguments: [
    ("10.0.0.5", "llrp://"), ("http://10.0.0.5", "llrp://"), ("llrp://", "host"), ("llrp://a:0", "port"),
    ("llrp://a:65536", "port"), ("llrp://a:", "port"), ("llrp://[::1]x", "port"), ("llrp://a b", "host"),
    ("llrp://a?power", "NAME=VALUE"), ("llrp://a?power=x", "power"), ("llrp://a?power=41", "0 to 40"),
    ("llrp://a?session=4", "session"), ("llrp://a?antennas=1++2", "antennas"), ("llrp://a?antennas=0", "antennas"),
    ("llrp://a?prefix=303", "whole bytes"), ("llrp://a?prefix=30zz", "hexadecimal"), ("llrp://a?volume=3", "volume"),
    ("llrp://a?mode=1&mode=2", "twice"), ("llrp://a?ca=/x", "llrps"), ("llrp://a?keepalive=0", "keepalive"),
  ])
  func `what is wrong with an address is said`(_ text: String, _ word: String) {
    #expect {
      try ReaderAddress(text)
    } throws: { error in
      "\(error)".contains(word)
    }
  }

  @Test func `waits double up to the ceiling, and begin anew after a connection that held`() {
    var reconnection = Reconnection()
    let waits = (0..<7).map { _ in reconnection.failed(after: .zero) }
    #expect(waits == [1, 2, 4, 8, 16, 30, 30].map(Duration.seconds))
    #expect(reconnection.failed(after: .seconds(9)) == .seconds(30))
    #expect(reconnection.failed(after: .seconds(10)) == .seconds(1))
    #expect(reconnection.failed(after: .zero) == .seconds(2))
  }
}
