extension TemplateReading {
  mutating func rows(of element: MarkupElement, in place: Place) throws(LabelFault) -> RowArea? {
    guard let name = element["data-rows"] else {
      if element["data-row-height"] ?? element["data-height"] ?? element["data-full-height"] != nil {
        throw fault(element, "data-row-height, data-height and data-full-height belong to data-rows")
      }
      return nil
    }
    guard place.list == nil else { throw fault(element, "rows cannot stand within rows") }
    guard description.list(name) != nil else {
      throw fault(element, "label.yaml has no list `\(name)`" + known(description.lists.map(\.name)))
    }
    guard let rowHeight = element["data-row-height"].flatMap(LabelNumber.length), rowHeight >= 1 else {
      throw fault(element, "want data-row-height, in millimetres, at least 1")
    }
    guard let height = element["data-height"].flatMap(LabelNumber.length), height >= rowHeight else {
      throw fault(element, "want data-height: how high the rows of a page may be together, at least one row")
    }
    let fullHeight = try number(element, "data-full-height", in: height...Double(MarkupLimits.number)) ?? height
    used.insert(name)
    func count(_ height: Double) -> Int { Int((height / rowHeight + 1e-6).rounded(.down)) }
    return RowArea(list: name, rowHeight: rowHeight, capacity: count(height), fullCapacity: count(fullHeight))
  }
}
