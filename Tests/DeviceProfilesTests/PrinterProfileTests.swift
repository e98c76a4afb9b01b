import DeviceProfiles
import LabelDesign
import Testing

@Test func everyPrinterThatShipsCanBeUsed() throws {
  let profiles = try PrinterProfile.shipped()
  #expect(profiles.map(\.id).contains("zebra-zd621-300-rfid"))
  #expect(Set(profiles.map(\.id)).count == profiles.count)
  #expect(Set(profiles.map(\.language)) == Set(PrinterLanguage.allCases))
  // A USB printer is known by its numbers: by one profile alone.
  let numbers = profiles.flatMap(\.usb)
  #expect(Set(numbers).count == numbers.count)
}

@Test func aProfileIsReadWithItsUnits() throws {
  let yaml = """
    name: Zebra
    language: zpl
    dpi: 203
    width: 104
    darkness: 12
    rfid: true
    usb: [0a5f:0166]
    """
  let profile = try PrinterProfile(yaml: yaml, id: "z", file: "z/profile.yaml")
  // 104 mm are 831.18 dots of 203 to the inch.
  #expect(profile.widthInDots == 831)
  #expect(profile.darkness == 12 && profile.speed == nil && profile.encodesTags)
  #expect(profile.usb == [.init(vendor: 0x0A5F, product: 0x0166)])
}

@Test(arguments: [
  ("name: x\nlanguage: epl\ndpi: 203", 2, "must be one of zpl"),
  ("name: x\nlanguage: zpl\nwidth: 50", 1, "`dpi` is missing"),
  ("name: x\nlanguage: zpl\ndpi: 203", 1, "`width` is missing"),
  ("name: x\nlanguage: zpl\ndpi: 203\nwidth: 900", 4, "from 10.0 to 350.0"),
  ("name: x\nlanguage: tspl\ndpi: 203\nwidth: 50\nrfid: true", 5, "`rfid` is no key"),
  ("name: x\nlanguage: brother-ql\ndpi: 300\nhead: 800", 4, "720 or 1296"),
  ("name: x\nlanguage: tspl\ndpi: 203\nwidth: 50\ndarkness: 16", 5, "from 0 to 15"),
  ("name: x\nlanguage: zpl\ndpi: 203\nwidth: 50\nusb: [1]", 5, "0a5f:0166"),
])
func aFaultOfAPrintersProfileIsToldWithItsLine(yaml: String, line: Int, words: String) {
  do throws(DeviceProfileFault) {
    _ = try PrinterProfile(yaml: yaml, id: "x", file: "x/profile.yaml")
    Issue.record("it was taken")
  } catch {
    #expect(error.line == line, "\(error)")
    #expect(error.message.contains(words), "\(error)")
  }
}
