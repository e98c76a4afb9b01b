import CustodyLedger

extension CanonicalJSON {
  /// The value at a dotted path such as `facts.model`; nil when there is none. Setting nil takes it out; setting makes
  /// the objects on the way.
  subscript(path path: String) -> CanonicalJSON? {
    get { self[path.split(separator: ".").map(String.init)[...]] }
    set { self[path.split(separator: ".").map(String.init)[...]] = newValue }
  }

  private subscript(names: ArraySlice<String>) -> CanonicalJSON? {
    get {
      guard let name = names.first else { return self }
      guard case .object(let object) = self else { return nil }
      return object[name]?[names.dropFirst()]
    }
    set {
      guard let name = names.first else { return }
      var object = Object()
      if case .object(let existing) = self { object = existing }
      if names.count == 1 {
        object[name] = newValue
      } else {
        var inner = object[name] ?? .object(Object())
        inner[names.dropFirst()] = newValue
        object[name] = inner
      }
      self = .object(object)
    }
  }

  /// The text, if this is a string.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// This object with another laid over it: objects are merged, everything else is replaced, null takes out, also where
  /// there is nothing to take out (RFC 7396 §2). An object of nothing but nulls, which is laid over nothing, leaves nothing.
  func overlaid(with other: CanonicalJSON) -> CanonicalJSON {
    guard case .object(let top) = other else { return other }
    var object = Object()
    if case .object(let own) = self { object = own }
    for member in top.members {
      let value = (object[member.name] ?? .null).overlaid(with: member.value)
      let isHollow = object[member.name] == nil && value == .object(Object()) && value != member.value
      object[member.name] = value == .null || isHollow ? nil : value
    }
    return .object(object)
  }

  /// The one overlay that does what these details and then `other` do: null stays, for what lies below.
  func followed(by other: CanonicalJSON) -> CanonicalJSON {
    guard case .object(var object) = self, case .object(let top) = other else { return other }
    for member in top.members {
      object[member.name] = object[member.name]?.followed(by: member.value) ?? member.value
    }
    return .object(object)
  }
}
