import ScannerProtocols
import Testing

struct DeviceProfileTests {
  @Test func `vendor and product are written as everybody writes them`() {
    #expect(USBIdentifier("05e0:1200") == USBIdentifier(vendor: 0x05E0, product: 0x1200))
    #expect(USBIdentifier("0C2E:0B61")?.description == "0c2e:0b61")
    for wrong in ["", "05e0", "05e0:", "5e0:1200", "05e0:12000", "05e0:120g", "+5e0:1200", "05e0:1200:1", "05e0 1200"] {
      #expect(USBIdentifier(wrong) == nil, "\(wrong)")
    }
  }

  @Test func `a serial chip is known by its maker's number`() {
    #expect(SerialChip(USBIdentifier(vendor: 0x0403, product: 0x6001)) == .ftdi)
    #expect(SerialChip(USBIdentifier(vendor: 0x10C4, product: 0xEA60)) == .cp210x)
    #expect(SerialChip(USBIdentifier(vendor: 0x1A86, product: 0x7523)) == .ch340)
    #expect(SerialChip(USBIdentifier(vendor: 0x05E0, product: 0x1701)) == nil)
  }
}
