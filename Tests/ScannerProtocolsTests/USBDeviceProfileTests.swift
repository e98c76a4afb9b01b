import ScannerProtocols
import Testing

struct USBDeviceProfileTests {
  @Test func `the shipped profiles are the known scanners in keyboard mode`() {
    let shipped = USBDeviceProfile.shipped.map { [$0.vendorID, $0.productID] }
    #expect(
      shipped == [
        [0x05E0, 0x1200], [0x0C2E, 0x0200], [0x0C2E, 0x0204], [0x0C2E, 0x0B61], [0x05F9, 0x2206], [0x0C27, 0x3BFA],
      ])
  }
}
