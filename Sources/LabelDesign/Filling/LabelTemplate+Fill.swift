extension LabelTemplate {
  /// The most pages of a document.
  public static let maximumPages = 300

  /// Puts values into the template.
  ///
  /// Nothing is cut: a text that does not fit at its smallest size is refused, as is a value that its field does not take, a
  /// field that is missing, or one that there is not.
  ///
  /// - Parameters:
  ///   - values: what to put in; an optional field may be left out or empty.
  ///   - measure: the measure of the renderer that will draw it.
  public func fill(_ values: LabelValues, measure: @escaping TextMeasure) -> LabelAnswer<LabelDocument> {
    do throws(LabelRefusal) {
      try check(values)
      let count = try pageCount(values)
      var filling = LabelFilling(template: self, values: values, pageCount: count, measure: measure)
      var pages: [LabelPage] = []
      for page in 1...count { pages.append(try filling.page(page)) }
      return .made(LabelDocument(template: id, title: description.name, size: description.size, pages: pages))
    } catch {
      return .refused(error)
    }
  }

  private func check(_ values: LabelValues) throws(LabelRefusal) {
    for name in values.fields.keys.sorted() where description.field(name) == nil {
      throw unknown(name, of: description.fields, path: name)
    }
    for name in values.lists.keys.sorted() where description.list(name) == nil {
      let known = description.lists.map(\.name)
      throw LabelRefusal(
        "label.field.unknown", "\(description.name) has no list \(name).",
        remedy: known.isEmpty ? "Leave it out." : "It has \(known.joined(separator: ", ")).", field: name)
    }
    for field in description.fields {
      if let refusal = field.refusal(values.fields[field.name] ?? "", path: field.name) { throw refusal }
    }
    for list in description.lists {
      let rows = values.lists[list.name] ?? []
      guard rows.count <= list.maximumRows else {
        throw LabelRefusal(
          "label.list.tooLong", "\(list.title) has \(rows.count) rows; it takes at most \(list.maximumRows).",
          remedy: "Make several documents of them.", field: list.name)
      }
      for (index, row) in rows.enumerated() {
        let path = "\(list.name)[\(index + 1)]"
        for name in row.keys.sorted() where !list.fields.contains(where: { $0.name == name }) {
          throw unknown(name, of: list.fields, path: "\(path).\(name)")
        }
        for field in list.fields {
          if let refusal = field.refusal(row[field.name] ?? "", path: "\(path).\(field.name)") { throw refusal }
        }
      }
    }
  }

  private func unknown(_ name: String, of fields: [LabelField], path: String) -> LabelRefusal {
    LabelRefusal(
      "label.field.unknown", "\(description.name) has no field \(name).",
      remedy: "It has \(fields.map(\.name).joined(separator: ", ")).", field: path)
  }

  /// How many pages the lists need: as many as give room to the rows of each.
  private func pageCount(_ values: LabelValues) throws(LabelRefusal) -> Int {
    let areas = RowAreas(nodes)
    for count in 1...Self.maximumPages {
      let fits = description.lists.allSatisfy { list in
        let rows = values.lists[list.name]?.count ?? 0
        return areas.capacity(of: list.name, pages: count) >= rows
      }
      if fits { return count }
    }
    throw LabelRefusal(
      "label.pages.tooMany", "That would be more than \(Self.maximumPages) pages.",
      remedy: "Make several documents of it.")
  }
}
