// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "custody",
  products: [
    .executable(name: "custody", targets: ["custody"]),
    .executable(name: "custody-audit", targets: ["custody-audit"]),
    .executable(name: "custody-zxing", targets: ["custody-zxing"]),
    // For the Benchmarks package.
    .library(name: "AssetIdentifiers", targets: ["AssetIdentifiers"]),
    .library(name: "BarcodeVision", targets: ["BarcodeVision"]),
    .library(name: "CartonReading", targets: ["CartonReading"]),
    .library(
      name: "CentralStore",
      targets: ["CentralStore", "CentralStorePostgres", "CentralStoreSQLite", "SyncTestSupport"]),
    .library(name: "CZBar", targets: ["CZBar"]),
    .library(name: "CustodyLedger", targets: ["Custody", "CustodyLedger", "SyncTestSupport", "TamperEvidence"]),
    .library(name: "LabelRendering", targets: ["LabelDesign", "LabelRendering", "LabelTemplates"]),
    .library(name: "ReaderNetwork", targets: ["ReaderNetwork"]),
    .library(name: "ScannerProtocols", targets: ["ScannerProtocols"]),
    .library(name: "StationStore", targets: ["StationStore", "Custody"]),
    .library(name: "StockCounting", targets: ["StockCounting", "Custody", "CustodyLedger"]),
    .library(name: "StationSync", targets: ["StationSync"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-async-algorithms.git", from: "1.1.4"),
    .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
    .package(
      url: "https://github.com/apple/swift-configuration.git", from: "1.4.0",
      traits: [.defaults, "YAML", "CommandLineArguments"]),
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
  ],
  targets: [
    // C bindings.
    .systemLibrary(name: "CZBar", pkgConfig: "zbar", providers: [.apt(["libzbar-dev"])]),
    .systemLibrary(name: "CZXing", pkgConfig: "zxing", providers: [.apt(["libzxing-dev"])]),
    .systemLibrary(name: "CLibUSB", pkgConfig: "libusb-1.0", providers: [.apt(["libusb-1.0-0-dev"])]),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CMemoryFile"),
    // libvips is loaded at the first picture: linked, it would cost an idle station 20 MB.
    .systemLibrary(name: "CVips"),
    // libcups, likewise, is loaded when a label goes to an IPP printer.
    .systemLibrary(name: "CCups"),
    // libpq, when a centre is given a PostgreSQL database.
    .systemLibrary(name: "CLibPQ"),
    // librsvg, cairo and Pango are loaded at the first label: linked, they would cost as much again.
    .systemLibrary(name: "CRSVG"),
    .systemLibrary(name: "CZint", providers: [.apt(["libzint-dev"])]),
    // What the C library's own module leaves out.
    .systemLibrary(name: "CMalloc"),

    // Pure: values in, values out.
    .target(name: "AssetIdentifiers"),
    .target(name: "CartonReading", dependencies: ["AssetIdentifiers"]),
    .target(name: "Custody"),
    .target(name: "OrderReceiving", dependencies: ["Custody"]),
    .target(name: "Kits", dependencies: ["Custody"]),
    .target(name: "Webhooks", dependencies: ["Custody", "CustodyLedger", .crypto]),
    .target(name: "DisposalOrders", dependencies: ["Custody"]),
    .target(name: "LabelDesign"),
    .target(name: "Phrases"),
    .target(name: "SanitizationReports", dependencies: ["Custody"]),
    .target(name: "ScannerProtocols"),
    .target(name: "TamperEvidence", dependencies: [.crypto]),
    .target(name: "CustodyLedger", dependencies: ["Custody", "TamperEvidence", .crypto]),
    .target(name: "EPCIS", dependencies: ["AssetIdentifiers", "Custody", "TamperEvidence", .crypto]),
    .target(name: "StockCounting", dependencies: ["Custody", "CustodyLedger"]),
    .target(name: "SyncProtocol", dependencies: ["Custody", "CustodyLedger", "TamperEvidence"]),

    // Adapters: one outside thing each.
    .target(name: "BarcodeVision", dependencies: ["CLinux", "CMemoryFile", "CVips", "CZBar"]),
    .target(
      name: "DeviceProfiles", dependencies: ["LabelDesign", "ScannerProtocols", "StrictYAML"],
      resources: [.copy("devices"), .copy("printers")]),
    .target(name: "USBScanning", dependencies: ["CLibUSB", "ScannerProtocols"]),
    .target(name: "ReaderNetwork", dependencies: ["ScannerProtocols", .nioCore, .nioPosix, .nioSSL]),
    .target(name: "PDFText"),
    .target(name: "StrictYAML", dependencies: [.yams]),
    .target(
      name: "LabelTemplates", dependencies: ["LabelDesign", "StrictYAML"], resources: [.copy("labels")]),
    .target(name: "LabelRendering", dependencies: ["CRSVG", "CZint", "LabelDesign"]),
    .target(name: "LabelPrinting", dependencies: ["CCups", "CLibUSB", "LabelDesign", .nioCore, .nioPosix]),
    .target(name: "Certificates", dependencies: [.asn1, .crypto, .nioCore, .x509]),
    .target(
      name: "HTTPServing",
      dependencies: [
        "Certificates", .hummingbirdCore, .lifecycle, .logging, .nioCore, .nioHTTPTypes, .nioSSL,
      ]),
    .target(name: "Backup", dependencies: [.crypto, .grdb]),
    .target(
      name: "StationSnapshot", dependencies: ["CZlib", "Custody", "CustodyLedger", "SyncProtocol", .crypto, .grdb]),
    .target(
      name: "StationStore",
      dependencies: [
        "AssetIdentifiers", "Backup", "CartonReading", "Custody", "CustodyLedger", "DisposalOrders", "Kits",
        "StationSnapshot",
        "StockCounting",
        "SyncProtocol", "TamperEvidence", .crypto, .cryptoExtras, .grdb,
      ]),
    .target(
      name: "CentralStore", dependencies: ["Custody", "CustodyLedger", "SyncProtocol", "TamperEvidence", .crypto]),
    .target(
      name: "CentralStoreSQLite",
      dependencies: ["Backup", "CentralStore", "Custody", "CustodyLedger", "SyncProtocol", "TamperEvidence", .grdb]),
    .target(
      name: "CentralStorePostgres",
      dependencies: ["CLibPQ", "CLinux", "CentralStore", "Custody", "CustodyLedger", "SyncProtocol", "TamperEvidence"]),
    .target(name: "RequestTokens", dependencies: ["Custody", "SyncProtocol", "TamperEvidence", .crypto, .jwtKit]),
    .target(
      name: "StationSync",
      dependencies: [
        "Certificates", "RequestTokens", "SyncProtocol", "Custody", "CustodyLedger", "TamperEvidence", .asyncHTTPClient,
        .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .x509,
      ]),

    // Shells: wiring only.
    .target(
      name: "Station",
      dependencies: [
        "AssetIdentifiers", "Backup", "BarcodeVision", "CartonReading", "Custody", "CustodyLedger", "DeviceProfiles",
        "DisposalOrders", "EPCIS", "HTTPServing", "Kits", "LabelDesign", "LabelPrinting", "LabelRendering",
        "LabelTemplates",
        "OrderReceiving",
        "PDFText", "Phrases", "ReaderNetwork",
        "RequestTokens", "SanitizationReports", "ScannerProtocols", "StationSnapshot", "StationStore", "StationSync",
        "StockCounting",
        "SyncProtocol",
        "TamperEvidence",
        "USBScanning", "Webhooks", .asyncHTTPClient, .nioCore, .crypto, .grdb, .hummingbird,
        .mustache,
        .logging, .lifecycle, .asyncAlgorithms,
      ],
      resources: [.copy("Web")]),
    .target(
      name: "Central",
      dependencies: [
        "Backup", "CentralStore", "CentralStorePostgres", "CentralStoreSQLite", "Certificates", "EPCIS", "HTTPServing",
        "RequestTokens", "SyncProtocol", "Custody", "CustodyLedger", "StationSnapshot", "TamperEvidence", .crypto,
        .cryptoExtras,
        .hummingbird, .mustache, .asyncHTTPClient, .logging, .lifecycle, .nioCore,
      ],
      resources: [.embedInCode("Web")]),
    .executableTarget(
      name: "custody",
      dependencies: [
        "AssetIdentifiers", "Backup", "BarcodeVision", "CMalloc", "Central", "CentralStore",
        "Certificates", "DeviceProfiles", "HTTPServing", "LabelDesign",
        "LabelPrinting",
        "LabelRendering", "LabelTemplates",
        "CustodyLedger", "ReaderNetwork", "Station", "StationStore", "StationSync", "SyncProtocol", "USBScanning",
        .argumentParser,
        .asyncHTTPClient,
        .configuration, .lifecycle, .logging, .nioCore, .nioPosix, .unixSignals, "Custody", "ScannerProtocols",
        "TamperEvidence",
      ]),
    .executableTarget(name: "custody-audit", dependencies: ["CustodyLedger", "TamperEvidence", .argumentParser]),
    // Found beside the running `custody` and started at the first picture.
    .executableTarget(name: "custody-zxing", dependencies: ["CZXing"], linkerSettings: [.linkedLibrary("m")]),

    // Tests.
    .testTarget(name: "AssetIdentifiersTests", dependencies: ["AssetIdentifiers"]),
    .testTarget(name: "CartonReadingTests", dependencies: ["CartonReading"]),
    .testTarget(name: "CustodyTests", dependencies: ["Custody"]),
    .testTarget(name: "PhrasesTests", dependencies: ["Phrases"]),
    .testTarget(name: "OrderReceivingTests", dependencies: ["Custody", "OrderReceiving"]),
    .testTarget(name: "KitsTests", dependencies: ["Custody", "Kits"]),
    .testTarget(name: "WebhooksTests", dependencies: ["Custody", "Webhooks"]),
    .testTarget(name: "SanitizationReportsTests", dependencies: ["Custody", "SanitizationReports"]),
    .testTarget(name: "PDFTextTests", dependencies: ["PDFText", "SanitizationReports"]),
    .testTarget(name: "DisposalOrdersTests", dependencies: ["Custody", "DisposalOrders"]),
    .testTarget(name: "ScannerProtocolsTests", dependencies: ["ScannerProtocols"]),
    .testTarget(name: "DeviceProfilesTests", dependencies: ["DeviceProfiles", "LabelDesign", "ScannerProtocols"]),
    .testTarget(name: "LabelDesignTests", dependencies: ["LabelDesign"]),
    .testTarget(
      name: "LabelRenderingTests",
      dependencies: ["AssetIdentifiers", "BarcodeVision", "LabelDesign", "LabelRendering", "LabelTemplates"]),
    .testTarget(name: "LabelTemplatesTests", dependencies: ["LabelDesign", "LabelTemplates"]),
    .testTarget(
      name: "LabelPrintingTests", dependencies: ["ClockTestSupport", "LabelDesign", "LabelPrinting", "custody"]),
    .testTarget(name: "TamperEvidenceTests", dependencies: ["TamperEvidence"]),
    .testTarget(
      name: "CustodyLedgerTests",
      dependencies: ["Custody", "CustodyLedger", "SyncTestSupport", "TamperEvidence", .crypto]),
    .testTarget(name: "EPCISTests", dependencies: ["Custody", "EPCIS", "SyncTestSupport", "TamperEvidence"]),
    .testTarget(name: "BarcodeVisionTests", dependencies: ["BarcodeVision"]),
    .testTarget(
      name: "HTTPServingTests",
      dependencies: [
        "Certificates", "HTTPServing", "StationSync", "SyncTestSupport", .asyncHTTPClient, .hummingbird, .lifecycle,
        .logging,
        .nioCore, .nioEmbedded, .nioHTTPTypes, .nioPosix, .x509,
      ]),
    .testTarget(name: "BackupTests", dependencies: ["Backup", "SyncTestSupport", .grdb]),
    .target(name: "ClockTestSupport", path: "Tests/ClockTestSupport"),
    .testTarget(
      name: "ReaderNetworkTests",
      dependencies: ["ClockTestSupport", "ReaderNetwork", "ScannerProtocols", .nioCore, .nioPosix, .nioSSL]),
    .testTarget(name: "USBScanningTests", dependencies: ["USBScanning", "custody"]),
    .target(
      name: "SyncTestSupport", dependencies: ["Custody", "CustodyLedger", "TamperEvidence"],
      path: "Tests/SyncTestSupport"),
    .testTarget(
      name: "SyncProtocolTests",
      dependencies: ["CustodyLedger", "SyncProtocol", "SyncTestSupport", "TamperEvidence", .crypto]),
    .target(
      name: "PostgresTestSupport", dependencies: ["CLinux"], path: "Tests/PostgresTestSupport", exclude: ["server.sh"]),
    .testTarget(
      name: "CentralStoreTests",
      dependencies: [
        "CentralStore", "CentralStorePostgres", "CentralStoreSQLite", "Custody", "CustodyLedger", "PostgresTestSupport",
        "SyncProtocol", "SyncTestSupport", "TamperEvidence",
      ]),
    .testTarget(
      name: "StationStoreTests",
      dependencies: [
        "StationStore", "AssetIdentifiers", "CartonReading", "Custody", "CustodyLedger", "StockCounting",
        "TamperEvidence", "SyncTestSupport", "custody",
        .asyncHTTPClient, .grdb, .nioCore,
      ]),
    .testTarget(
      name: "RequestTokensTests",
      dependencies: ["Custody", "RequestTokens", "SyncProtocol", "TamperEvidence", .crypto]),
    .testTarget(name: "StationSyncTests", dependencies: ["StationSync"]),
    .testTarget(name: "StockCountingTests", dependencies: ["Custody", "CustodyLedger", "StockCounting"]),
    .testTarget(
      name: "CentralTests",
      dependencies: [
        "Central", "CentralStore", "CentralStoreSQLite", "Custody", "CustodyLedger", "PostgresTestSupport",
        "StationSync",
        "SyncProtocol", "SyncTestSupport", "TamperEvidence", .asyncHTTPClient, .hummingbirdTesting, .nioCore,
      ]),
    .testTarget(
      name: "FeedTests",
      dependencies: [
        "Central", "CentralStore", "CentralStorePostgres", "CentralStoreSQLite", "Custody", "CustodyLedger",
        "PostgresTestSupport", "Station", "StationSnapshot", "StationStore", "StationSync", "SyncProtocol",
        "SyncTestSupport", "TamperEvidence", "custody", .hummingbirdTesting,
      ]),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "Central", "CentralStore", "CentralStoreSQLite", "Custody", "CustodyLedger", "Station", "StationStore",
        "StationSync", "SyncProtocol", "SyncTestSupport", "TamperEvidence", .hummingbird, .logging, .nioCore,
        .nioEmbedded, .nioHTTP1, .grdb,
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "custody", "custody-audit", "Custody", "CustodyLedger", "EPCIS", "LabelDesign", "LabelPrinting",
        "PostgresTestSupport",
        "ReaderNetwork", "ScannerProtocols", "SyncProtocol", "SyncTestSupport", "TamperEvidence", .asyncHTTPClient,
        .nioCore, .nioHTTP1,
      ]),
    .testTarget(
      name: "StationTests",
      dependencies: [
        "AssetIdentifiers", "BarcodeVision", "Central", "CentralStore", "CentralStoreSQLite", "RequestTokens",
        "StationSync",
        "SyncProtocol", "ClockTestSupport", "LabelDesign", "LabelPrinting", "ReaderNetwork", "ScannerProtocols",
        "Station",
        "StationStore", "StockCounting", "SyncTestSupport", "Custody", "CustodyLedger", "DisposalOrders", "Kits",
        "TamperEvidence", .asyncHTTPClient, .crypto, .grdb,
        .hummingbirdTesting,
      ]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

extension Target.Dependency {
  static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
  static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
  static let asyncAlgorithms = product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
  static let asyncHTTPClient = product(name: "AsyncHTTPClient", package: "async-http-client")
  static let configuration = product(name: "Configuration", package: "swift-configuration")
  static let crypto = product(name: "Crypto", package: "swift-crypto")
  static let cryptoExtras = product(name: "CryptoExtras", package: "swift-crypto")
  static let grdb = product(name: "GRDB", package: "GRDB.swift")
  static let hummingbird = product(name: "Hummingbird", package: "hummingbird")
  static let hummingbirdCore = product(name: "HummingbirdCore", package: "hummingbird")
  static let hummingbirdTesting = product(name: "HummingbirdTesting", package: "hummingbird")
  static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
  static let logging = product(name: "Logging", package: "swift-log")
  static let jwtKit = product(name: "JWTKit", package: "jwt-kit")
  static let mustache = product(name: "Mustache", package: "swift-mustache")
  static let yams = product(name: "Yams", package: "Yams")
  static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
  static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
  static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
  static let nioHTTPTypes = product(name: "NIOHTTPTypes", package: "swift-nio-extras")
  static let x509 = product(name: "X509", package: "swift-certificates")
  static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
  static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
  static let nioCore = product(name: "NIOCore", package: "swift-nio")
}
