import ScannerProtocols

/// Boot keyboard report bytes for tests, written by hand after HID 1.11, appendix B.1.
func report(_ modifiers: UInt8 = 0, _ keys: UInt8...) -> [UInt8] {
  [modifiers, 0] + keys + [UInt8](repeating: 0, count: 6 - keys.count)
}

let idle = report()

extension KeyboardWedge {
  /// Presses and releases each key, one millisecond a report; returns everything that came of it.
  mutating func type(_ keys: [(modifiers: UInt8, usage: UInt8)], from start: Duration = .zero) -> [Action] {
    var actions: [Action] = []
    var now = start
    for key in keys {
      for bytes in [report(key.modifiers, key.usage), idle] {
        actions += receive(report: bytes, at: now)
        now += .milliseconds(1)
      }
    }
    return actions
  }
}

func texts(_ actions: [KeyboardWedge.Action]) -> [String] {
  actions.compactMap { if case .scan(let scan) = $0 { scan.text } else { nil } }
}

func rejections(_ actions: [KeyboardWedge.Action]) -> [RejectedScan] {
  actions.compactMap { if case .rejected(let rejected) = $0 { rejected } else { nil } }
}

// Usages of HID Usage Tables 1.5, section 10, by their names there.
let keyA: UInt8 = 0x04
let keyB: UInt8 = 0x05
let keyC: UInt8 = 0x06
let keyEnter: UInt8 = 0x28
let keyTab: UInt8 = 0x2B
let keyCapsLock: UInt8 = 0x39
let leftControl: UInt8 = 0x01
let leftShift: UInt8 = 0x02
let rightShift: UInt8 = 0x20
