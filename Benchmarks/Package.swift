// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that a build of the product never pays for it.
let package = Package(
  name: "benchmarks",
  dependencies: [
    .package(name: "custody", path: ".."),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
  ],
  targets: [
    .executableTarget(
      name: "camera-speed",
      dependencies: [
        .product(name: "BarcodeVision", package: "custody"), .product(name: "custody-zxing", package: "custody"),
      ]),
    .executableTarget(name: "bootstrap-fill", dependencies: [.product(name: "CentralStore", package: "custody")]),
    .executableTarget(name: "centre-speed", dependencies: [.product(name: "CentralStore", package: "custody")]),
    .executableTarget(
      name: "chain-verify",
      dependencies: [
        .product(name: "CustodyLedger", package: "custody"), .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .executableTarget(name: "count-speed", dependencies: [.product(name: "StockCounting", package: "custody")]),
    .executableTarget(
      name: "decode-overhead",
      dependencies: [
        .product(name: "BarcodeVision", package: "custody"), .product(name: "CZBar", package: "custody"),
      ]),
    .executableTarget(name: "carton-speed", dependencies: [.product(name: "CartonReading", package: "custody")]),
    .executableTarget(name: "identify-speed", dependencies: [.product(name: "AssetIdentifiers", package: "custody")]),
    .executableTarget(
      name: "label-speed",
      dependencies: [
        .product(name: "BarcodeVision", package: "custody"), .product(name: "LabelRendering", package: "custody"),
        .product(name: "custody-zxing", package: "custody"),
      ]),
    .executableTarget(
      name: "read-accuracy",
      dependencies: [
        "bare-zxing", .product(name: "BarcodeVision", package: "custody"), .product(name: "CZBar", package: "custody"),
        .product(name: "custody-zxing", package: "custody"),
      ]),
    // libzxing aborts now and then; here that costs one answer of the comparison.
    .executableTarget(name: "bare-zxing", linkerSettings: [.linkedLibrary("ZXing")]),
    .executableTarget(
      name: "reader-network",
      dependencies: [
        .product(name: "ReaderNetwork", package: "custody"), .product(name: "ScannerProtocols", package: "custody"),
      ]),
    .executableTarget(
      name: "reconnect",
      dependencies: [
        .product(name: "CentralStore", package: "custody"), .product(name: "StationSync", package: "custody"),
      ]),
    .executableTarget(name: "scan-http"),
    .executableTarget(
      name: "scanner-protocols", dependencies: [.product(name: "ScannerProtocols", package: "custody")]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
