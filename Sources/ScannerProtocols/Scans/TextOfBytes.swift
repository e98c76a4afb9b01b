extension String {
  /// The text of bytes that a scanner read: UTF-8 where they are valid UTF-8, else ISO/IEC 8859-1, so that no byte is lost.
  init(scanned bytes: some Collection<UInt8>) {
    if let text = String(validating: bytes, as: UTF8.self) {
      self = text
    } else {
      self = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
  }
}
