extension AssetFacts {
  /// Sets what `news` knows and keeps the rest. The site's own fields are set one by one; lists are replaced whole.
  mutating func overlay(_ news: AssetFacts) {
    manufacturer = news.manufacturer ?? manufacturer
    model = news.model ?? model
    category = news.category ?? category
    owner = news.owner ?? owner
    department = news.department ?? department
    costCentre = news.costCentre ?? costCentre
    orderLine = news.orderLine ?? orderLine
    supplier = news.supplier ?? supplier
    price = news.price ?? price
    purchaseDate = news.purchaseDate ?? purchaseDate
    warrantyEnd = news.warrantyEnd ?? warrantyEnd
    refreshDate = news.refreshDate ?? refreshDate
    legalHold = news.legalHold ?? legalHold
    classification = news.classification ?? classification
    dataBearing = news.dataBearing ?? dataBearing
    media = news.media ?? media
    licences = news.licences ?? licences
    if let fields = news.custom { custom = (custom ?? [:]).merging(fields) { _, new in new } }
  }

  /// These facts with `news` laid over them.
  func overlaid(with news: AssetFacts) -> AssetFacts {
    var facts = self
    facts.overlay(news)
    return facts
  }

  /// Just those of these facts that `news` sets.
  func restricted(to news: AssetFacts) -> AssetFacts {
    var old = AssetFacts()
    if news.manufacturer != nil { old.manufacturer = manufacturer }
    if news.model != nil { old.model = model }
    if news.category != nil { old.category = category }
    if news.owner != nil { old.owner = owner }
    if news.department != nil { old.department = department }
    if news.costCentre != nil { old.costCentre = costCentre }
    if news.orderLine != nil { old.orderLine = orderLine }
    if news.supplier != nil { old.supplier = supplier }
    if news.price != nil { old.price = price }
    if news.purchaseDate != nil { old.purchaseDate = purchaseDate }
    if news.warrantyEnd != nil { old.warrantyEnd = warrantyEnd }
    if news.refreshDate != nil { old.refreshDate = refreshDate }
    if news.legalHold != nil { old.legalHold = legalHold }
    if news.classification != nil { old.classification = classification }
    if news.dataBearing != nil { old.dataBearing = dataBearing }
    if news.media != nil { old.media = media }
    if news.licences != nil { old.licences = licences }
    if let fields = news.custom { old.custom = custom?.filter { fields[$0.key] != nil } }
    return old
  }
}
