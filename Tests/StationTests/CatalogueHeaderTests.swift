import Custody
import Foundation
import StationStore
import Testing

@testable import Station

/// Columns are found by whatever name other systems give them.
@Suite struct CatalogueHeaderTests {
  @Test(
    "Names in English, German and of other systems mean the same",
    arguments: [
      ("Asset Tag", AssetColumn.tag), ("asset_tag", .tag), ("ASSET-TAG", .tag), ("Inventarnummer", .tag),
      ("Inventar-Nr.", .tag), ("Serial", .serial), ("S/N", .serial), ("serial_number", .serial),
      ("Seriennummer", .serial), ("Serial #", .serial), ("Hersteller", .manufacturer), ("Make", .manufacturer),
      ("Vendor", .manufacturer), ("Model Name", .model), ("Modell", .model), ("Part", .model),
      ("Kategorie", .category), ("model_category", .category), ("Device Type", .category), ("install_status", .state),
      ("Status Label", .state), ("Standort", .location), ("Stock Location", .location), ("Assigned To", .custodian),
      ("Checked Out To", .custodian), ("assigned_to", .custodian), ("Benutzer", .custodian),
      ("Purchase Cost", .price), ("Anschaffungskosten", .price), ("Purchased", .purchaseDate),
      ("Kaufdatum", .purchaseDate), ("Warranty Expiration", .warrantyEnd), ("Garantie bis", .warrantyEnd),
      ("Warranty Months", .warrantyMonths), ("Expected Checkin", .expectedReturn), ("PO Number", .orderNumber),
      ("Bestellnummer", .orderNumber), ("Drive Serials", .drives), ("Legal Hold", .legalHold),
      ("Data Bearing", .dataBearing), ("cost_center", .costCentre), ("Kostenstelle", .costCentre),
      ("EOL Date", .refreshDate),
    ])
  func means(title: String, column: AssetColumn) throws {
    let header = try ImportHeader<AssetColumn>(["something else", title])
    #expect(header.position(of: column) == 1)
    #expect(header.others.map(\.title) == ["something else"])
  }

  @Test("A vendor makes, unless somebody else is named who does: then it sells")
  func vendor() throws {
    let header = try ImportHeader<AssetColumn>(["Vendor", "Manufacturer"])
    #expect(header.position(of: .manufacturer) == 1)
    #expect(header.position(of: .supplier) == 0)
  }

  @Test("Two columns with one name are refused, with both places")
  func twice() {
    #expect(throws: SameTitle(title: "asset_tag", first: 1, second: 3)) {
      try ImportHeader<AssetColumn>(["Asset Tag", "Model", "asset_tag"])
    }
  }

  @Test(
    "Words for states",
    arguments: [
      ("In Stock", LifecycleState.inStock), ("available", .inStock), ("Im Lager", .inStock), ("OK", .inStock),
      ("In use", .deployed), ("Deployed", .deployed), ("Ausgegeben", .deployed), ("Pending", .quarantined),
      ("quarantine", .quarantined), ("Out for Repair", .inRepair), ("Broken", .inRepair), ("Defekt", .inRepair),
      ("Archived", .retired), ("Ausgemustert", .retired), ("Lost/Stolen", .missing), ("stolen", .missing),
      ("On order", .expected), ("In transit", .inTransit), ("inStock", .inStock), ("disposed", .disposed),
    ])
  func state(word: String, state: LifecycleState) {
    #expect(StateWords.meaning(word) == .state(state))
  }

  @Test(
    "Days",
    arguments: [
      ("2026-03-02", "2026-03-02"), ("2026-03-02 14:30:00", "2026-03-02"), ("2026-03-02T14:30:00Z", "2026-03-02"),
      ("2026/3/2", "2026-03-02"), ("20260302", "2026-03-02"), ("2.3.2026", "2026-03-02"), ("31/12/2025", "2025-12-31"),
      ("12/31/2025", "2025-12-31"), ("05/05/2025", "2025-05-05"),
    ])
  func day(text: String, day: String) throws {
    #expect(Cell.day(text) == .day(try #require(CalendarDate(day))))
  }

  @Test("A day that could be two is not guessed, and one that is none is refused")
  func noDay() {
    #expect(Cell.day("03/04/2025") == .ambiguous)
    #expect(Cell.day("2025-02-30") == .unreadable)
    #expect(Cell.day("soon") == .unreadable)
    #expect(Cell.day("1.2.25") == .unreadable)
  }

  @Test("Months run to the last day of a shorter month")
  func months() throws {
    let day = try #require(CalendarDate("2024-01-31"))
    #expect(Cell.day(day, plusMonths: 1)?.description == "2024-02-29")
    #expect(Cell.day(day, plusMonths: 36)?.description == "2027-01-31")
    #expect(Cell.months("3 Jahre") == 36)
    #expect(Cell.months("36 months") == 36)
    #expect(Cell.months("lifetime") == nil)
  }

  @Test("Money in the notations of several countries")
  func money() {
    #expect(Cell.amount("1234.50") == .amount("1234.50", currency: nil))
    #expect(Cell.amount("1,234.50") == .amount("1234.50", currency: nil))
    #expect(Cell.amount("1.234,50 €") == .amount("1234.50", currency: "EUR"))
    #expect(Cell.amount("CHF 1'234.50") == .amount("1234.50", currency: "CHF"))
    #expect(Cell.amount("1.234.567") == .amount("1234567", currency: nil))
    #expect(Cell.amount("12,5") == .amount("12.5", currency: nil))
    #expect(Cell.amount("-20") == .amount("-20", currency: nil))
    #expect(Cell.amount("1,234") == .ambiguous)
    #expect(Cell.amount("1.234") == .ambiguous)
    #expect(Cell.amount("1.234", decimals: 3) == .amount("1.234", currency: nil))
    #expect(Cell.amount("free") == .unreadable)
    #expect(Cell.amount("1.2.3") == .unreadable)
    #expect(Cell.amount("") == .unreadable)
  }

  @Test("A file's kind is told by its name, else by its columns")
  func kind() {
    func kind(_ name: String, _ text: String) -> CatalogueImport.Kind? {
      CatalogueImport.kind(of: ImportFile(name: name, bytes: Array(text.utf8)))
    }
    #expect(kind("people-2026.csv", "whatever") == .people)
    #expect(kind("export.csv", "Serial;Model\r\n") == .assets)
    #expect(kind("export.csv", "PO,Model,Qty\r\n") == .orders)
    #expect(kind("export.csv", "Name,E-Mail\r\n") == .people)
    #expect(kind("export.csv", "a,b\r\n") == nil)
  }
}
