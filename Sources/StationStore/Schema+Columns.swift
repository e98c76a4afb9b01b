extension Schema {
  /// Fills the table of drives from the assets in a database: those of lists of media, and loose drives without a list, which are
  /// their own medium (see `Asset.mediaList`). Few assets have any.
  static func media(of database: String) -> String {
    """
    INSERT OR IGNORE INTO main.medium(serial, asset)
      SELECT \(folded("json_extract(drive.value, '$.serial')")), stored.id
        FROM \(database).asset AS stored, json_each(CAST(stored.doc AS TEXT), '$.facts.media') AS drive
        WHERE instr(stored.doc, CAST('"media"' AS BLOB)) > 0
      UNION SELECT \(folded("serial")), id FROM \(database).asset
        WHERE lower(category) IN ('drive', 'hdd', 'ssd', 'disk') AND serial IS NOT NULL
          AND json_type(CAST(doc AS TEXT), '$.facts.media') IS NULL
      ORDER BY 1, 2
    """
  }

  /// A serial as ``StoreReading/foldedSerial(_:)`` makes it.
  private static func folded(_ serial: String) -> String {
    "lower(trim(\(serial), ' ' || char(9) || char(10) || char(13)))"
  }

  /// What of an asset's document stands in a column of its own, as expressions on its column `doc`; null where it is not there.
  static let order = member("facts.orderLine.order", within: "orderLine")
  static let orderLine = member("facts.orderLine.line", within: "orderLine")
  static let due = member("expectedReturn", within: "expectedReturn")
  static let warrantyEnd = member("facts.warrantyEnd", within: "warrantyEnd")
  static let refresh = member("facts.refreshDate", within: "refreshDate")

  /// Most assets have none of it: their documents are not taken apart.
  private static func member(_ path: String, within name: String) -> String {
    """
    CASE WHEN instr(doc, CAST('"\(name)"' AS BLOB)) > 0 THEN json_extract(CAST(doc AS TEXT), '$.\(path)') END
    """
  }
}
