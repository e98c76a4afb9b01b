/// One control request to a USB device, as a value (USB 2.0, section 9.3).
public struct USBControlRequest: Hashable, Sendable {
  /// bmRequestType.
  public let requestType: UInt8
  /// bRequest.
  public let request: UInt8
  /// wValue.
  public let value: UInt16
  /// wIndex.
  public let index: UInt16
  /// What is sent; of a request to the host, nothing.
  public let data: [UInt8]
  /// How many bytes the device is asked for; 0 unless it is to answer.
  public let answerLength: UInt16

  /// A request to the device.
  public init(
    requestType: UInt8, request: UInt8, value: UInt16 = 0, index: UInt16 = 0, data: [UInt8] = [],
    answerLength: UInt16 = 0
  ) {
    self.requestType = requestType
    self.request = request
    self.value = value
    self.index = index
    self.data = data
    self.answerLength = answerLength
  }
}
