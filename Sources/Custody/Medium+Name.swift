extension Medium {
  /// As it is named to people: maker, model and serial number, as far as they are known. A model that begins with its maker
  /// says it once.
  public var name: String {
    var words = [model, serial].compactMap(\.self)
    if let manufacturer, model?.lowercased().hasPrefix(manufacturer.lowercased()) != true {
      words.insert(manufacturer, at: 0)
    }
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }
}
