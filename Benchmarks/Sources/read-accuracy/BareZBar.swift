import BarcodeVision
import CZBar

/// zbar alone, with a fresh scanner for every frame and the product codes as they are printed.
enum BareZBar {
  static func texts(_ frame: GrayFrame) -> [String] {
    guard let scanner = zbar_image_scanner_create(), let image = zbar_image_create() else { return [] }
    defer {
      zbar_image_destroy(image)
      zbar_image_scanner_destroy(scanner)
    }
    zbar_image_scanner_set_config(scanner, ZBAR_UPCA, ZBAR_CFG_ENABLE, 1)
    zbar_image_scanner_set_config(scanner, ZBAR_UPCE, ZBAR_CFG_ENABLE, 1)
    zbar_image_set_format(image, 0x3030_3859)
    zbar_image_set_size(image, UInt32(frame.width), UInt32(frame.height))
    return frame.bytes.withUnsafeBytes { bytes in
      zbar_image_set_data(image, bytes.baseAddress, UInt(bytes.count), nil)
      guard zbar_scan_image(scanner, image) >= 0 else { return [] }
      var texts: [String] = []
      var next = zbar_image_first_symbol(image)
      while let symbol = next {
        if let data = zbar_symbol_get_data(symbol) {
          let count = Int(zbar_symbol_get_data_length(symbol))
          let text = data.withMemoryRebound(to: UInt8.self, capacity: count) {
            String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
          }
          // PDF417 is reported without any text: zbar finds it and cannot read it.
          if !text.isEmpty { texts.append(text) }
        }
        next = zbar_symbol_next(symbol)
      }
      return texts
    }
  }
}
