import LabelDesign

extension LabelPrinter {
  /// What a test page is for this printer.
  ///
  /// - Parameter media: the labels in it.
  public func testPage(_ media: LabelMedia) throws(PrinterLanguageFault) -> PrintData {
    let bytes: [UInt8] =
      if profile.language == .document {
        TestDocument.pdf(
          lines: ["custody: test page", profile.name, address.description, media.description], width: media.width,
          height: media.height)
      } else {
        try PrintedLabel.testPage(media, for: profile).bytes(for: profile)
      }
    return PrintData(name: "custody-test", bytes: bytes)
  }
}
