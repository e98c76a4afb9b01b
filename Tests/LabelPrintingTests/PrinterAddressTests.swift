import LabelPrinting
import Testing

@Test(arguments: [
  ("tcp://10.0.0.9", "tcp://10.0.0.9:9100"), ("TCP://zebra.store:6101", "tcp://zebra.store:6101"),
  ("tcp://[fe80::1]:9100", "tcp://[fe80::1]:9100"), ("usb://0A5F:0166", "usb://0a5f:0166"),
  ("usb://04f9:209d/000M6Z401370", "usb://04f9:209d/000M6Z401370"), ("ipp://printer", "ipp://printer:631/ipp/print"),
  ("ipps://print.store:8631/printers/A4", "ipps://print.store:8631/printers/A4"),
  ("file:///srv/labels", "file:///srv/labels"),
])
func anAddressIsReadAndWrittenWithWhatWasLeftOut(text: String, whole: String) throws {
  let address = try PrinterAddress(text)
  #expect(address.description == whole)
  #expect(try PrinterAddress(whole) == address)
}

@Test(arguments: [
  ("10.0.0.9", "begins with"), ("lpr://x", "no printer by lpr"), ("tcp://", "host name"), ("tcp://x:0", "port"),
  ("tcp://x:99999", "port"),
  ("tcp://x/y", "nothing follows"), ("usb://5", "VVVV:PPPP"), ("usb://0a5f:0166/a b", "blanks"),
  ("file://relative", "from the root"),
  ("ipp://user@x", "host name"), ("tcp://a b", "host name"),
])
func whatIsNoAddressIsRefusedWithAReason(text: String, reason: String) {
  do throws(PrinterAddressError) {
    _ = try PrinterAddress(text)
    Issue.record("it was taken")
  } catch {
    #expect(error.description.contains(reason), "\(error)")
  }
}
