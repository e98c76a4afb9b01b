import GRDB

/// The station's tables, version by version. A migration that has shipped is never edited.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    addSpine(to: &migrator)
    addLabels(to: &migrator)
    addCentre(to: &migrator)
    addOrders(to: &migrator)
    addLists(to: &migrator)
    return migrator
  }
}
