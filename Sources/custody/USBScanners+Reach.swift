import USBScanning

extension USBScanners {
  /// Ends the command when the one device that it is for is not there, was pulled out, or cannot be reached.
  func requireReach(of id: String, _ event: USBScanningEvent) throws {
    switch event {
    case .status(.listening) where !devices().contains(where: { $0.id == id }):
      throw Ending(3, "\(id) is not plugged in.", remedy: "`custody devices` lists what is.")
    case .detached(let gone, _) where gone.id == id:
      throw Ending(3, "\(id) was pulled out.", remedy: "Plug it in again.")
    case .fault(let device?, let message, let remedy) where device.id == id:
      guard device.state == .noPermission || device.state == .faulty else { return }
      throw Ending(3, message + ".", remedy: remedy)
    case .fault(nil, let message, let remedy): throw Ending(3, message + ".", remedy: remedy)
    default: break
    }
  }
}
