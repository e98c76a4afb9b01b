import Custody
import Foundation
import GRDB

extension StationStore {
  /// Assets that are looked for, at most as many as are wanted. With the index, words are found at the beginning of words, and at
  /// the end of marks, in the order in which the index came to know the assets; what was recorded before the call is found.
  /// Without it, while it is being made or where its file fails, every asset is looked through, in order of id.
  public func assets(_ search: AssetSearch) async throws -> [Asset] {
    guard search.typed != nil else { return try await lookedThrough(search) }
    do {
      guard try await takeInChanges() else { return try await lookedThrough(search) }
      let found = try await indexed(search)
      if found.isEmpty, search.after == nil, search.isThorough { return try await lookedThrough(search) }
      return found
    } catch let error as DatabaseError {
      // The index is there for speed alone: what it cannot answer, the database can.
      searchFault.withLock { $0 = error.message ?? "\(error.resultCode)" }
      return try await lookedThrough(search)
    }
  }

  private func lookedThrough(_ search: AssetSearch) async throws -> [Asset] {
    try await read {
      try $0.assets(
        matching: search.text, state: search.state, custodian: search.custodian, location: search.location,
        after: search.after, limit: search.limit)
    }
  }

  private func indexed(_ search: AssetSearch) async throws -> [Asset] {
    let query = try await read { try $0.indexQuery(search) }
    var found: [Asset] = []
    var after = search.after
    while found.count < search.limit {
      let wanted = search.limit - found.count
      let ids = try searchIndex.ids(query, after: after, limit: wanted)
      guard let last = ids.last else { break }
      // What changed since the index was asked is left out.
      found += try await read { snapshot in try ids.compactMap { try snapshot.asset($0) } }
        .filter { query.fits(SearchWords($0)) }
      guard ids.count == wanted else { break }
      after = last
    }
    return found
  }

  /// Most changes that a search takes in itself; more are left to ``keepSearchIndex()``.
  private static let mostTakenInBySearch = 2000

  /// Brings the index up to what is recorded. False while it is not there, or too far behind: somebody is asked to make it.
  private func takeInChanges() async throws -> Bool {
    let (isOwn, changed) = try await read { [searchIndex] snapshot in
      (try snapshot.isOwn(searchIndex), try snapshot.unsearched(limit: Self.mostTakenInBySearch + 1))
    }
    guard isOwn, changed.count <= Self.mostTakenInBySearch else {
      searchWanted.yield()
      return false
    }
    if !changed.isEmpty { try await takeIn(changed) }
    return true
  }

  private func takeIn(_ changed: [(id: AssetID, turn: Int)]) async throws {
    let words = try await read { snapshot in
      try changed.map { (id: $0.id, words: try snapshot.asset($0.id).map(SearchWords.init)) }
    }
    try searchIndex.take(words)
    do {
      try await write { transaction in
        for (id, turn) in changed {
          try transaction.db.cachedStatement(sql: "DELETE FROM unsearched WHERE asset = ? AND turn = ?")
            .execute(arguments: [id, turn])
        }
      }
    } catch StoreFault.readOnly {
      // Nothing can be ticked off: the next search takes the same in again, which changes nothing.
    }
  }

  /// Makes the index where the store has none of its own, and whenever a search finds it missing; ends when cancelled. What is
  /// recorded meanwhile goes on. Throws what reading the store throws; a fault of the index's file is kept for ``searchTrouble``.
  public func keepSearchIndex() async throws {
    searchWanted.yield()
    for await _ in searchesWaiting {
      do {
        try await makeSearchIndex()
        searchFault.withLock { $0 = nil }
      } catch let error as DatabaseError {
        searchFault.withLock { $0 = error.message ?? "\(error.resultCode)" }
      }
    }
  }

  /// Why searches go without the index; nil when they do not.
  public var searchTrouble: String? { searchFault.withLock { $0 } }

  /// Makes the index if the store has none of its own, and takes in whatever has changed.
  public func makeSearchIndex() async throws {
    if try await !read({ [searchIndex] in try $0.isOwn(searchIndex) }) {
      try searchIndex.clear()
      var after: AssetID?
      while true {
        let from = after
        let page = try await read { try $0.searchWords(after: from, limit: 2000) }
        guard let last = page.last, !Task.isCancelled else { break }
        try searchIndex.take(page.map { ($0.id, $0.words) })
        after = last.id
      }
      guard !Task.isCancelled else { return }
      let name = UUID().uuidString
      try searchIndex.finish(as: name)
      try await write { transaction in
        try transaction.db.execute(
          sql: "INSERT OR REPLACE INTO meta(key, value) VALUES ('searchIndex', ?)", arguments: [name])
      }
    }
    while true {
      let changed = try await read { try $0.unsearched(limit: 2000) }
      guard !changed.isEmpty, !Task.isCancelled, readOnlyReason == nil else { return }
      try await takeIn(changed)
    }
  }
}

extension StoreTransaction {
  /// Lets the search index be made anew: what it was made of is gone.
  func forgetSearchIndex() throws { try db.execute(sql: SearchIndex.forgetting) }
}

extension StoreReading {
  /// Whether an index is whole and this store's own.
  fileprivate func isOwn(_ index: SearchIndex) throws -> Bool {
    guard let own = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'searchIndex'") else {
      return false
    }
    return try index.name() == own
  }

  /// Assets that the index has not taken in as they stand.
  fileprivate func unsearched(limit: Int) throws -> [(id: AssetID, turn: Int)] {
    try Row.fetchAll(
      db.cachedStatement(sql: "SELECT asset, turn FROM unsearched LIMIT ?"), arguments: [limit]
    ).map { ($0["asset"], $0["turn"]) }
  }

  /// The words of assets in order of id, from the columns alone: a million documents are not taken apart.
  fileprivate func searchWords(after: AssetID?, limit: Int) throws -> [(id: AssetID, words: SearchWords)] {
    let marks = try db.cachedStatement(sql: "SELECT value FROM identifier WHERE asset = ?")
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT id, manufacturer, model, state, custodian, location FROM asset WHERE ?1 IS NULL OR id > ?1
            ORDER BY id LIMIT ?2
          """), arguments: [after, limit]
    ).map { row in
      let id: AssetID = row["id"]
      return (
        id,
        SearchWords(
          marks: try String.fetchAll(marks, arguments: [id]), manufacturer: row["manufacturer"], model: row["model"],
          state: row["state"], custodian: row["custodian"], location: row["location"])
      )
    }
  }

  /// What the index is asked for a search: names of people and places are looked up here, for they may change without any asset.
  fileprivate func indexQuery(_ search: AssetSearch) throws -> IndexQuery {
    let words = (search.text).split(whereSeparator: \.isWhitespace).prefix(AssetSearch.mostWords)
    return IndexQuery(
      words: try words.compactMap { word in
        guard let typed = SearchWords.typed(word) else { return nil }
        let people = try people(named: String(word), limit: 200)
          .map { SearchWords.custodian(Custodian.person($0).key) }
        let pattern =
          "%"
          + String(word).replacing("\\", with: "\\\\").replacing("%", with: "\\%")
          .replacing("_", with: "\\_") + "%"
        let places = try String.fetchAll(
          db.cachedStatement(sql: "SELECT code FROM location WHERE name LIKE ? ESCAPE '\\' LIMIT 200"),
          arguments: [pattern]
        ).map(SearchWords.location)
        return IndexQuery.Word(typed: typed, keys: people + places)
      },
      keys: [
        search.state.map { SearchWords.state($0.rawValue) }, search.custodian.map { SearchWords.custodian($0.key) },
        search.location.map { SearchWords.location($0.text) },
      ].compactMap(\.self))
  }

  /// People in whose names a word stands, without regard to case and accents.
  private func people(named word: String, limit: Int) throws -> [PersonID] {
    try Row.fetchAll(db.cachedStatement(sql: "SELECT id, name FROM person"), arguments: []).lazy
      .filter { row in
        (row["name"] as String).range(of: word, options: [.caseInsensitive, .diacriticInsensitive]) != nil
      }
      .prefix(limit).map { $0["id"] }
  }
}
