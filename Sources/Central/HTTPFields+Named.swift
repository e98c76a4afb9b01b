import HTTPTypes

extension HTTPFields {
  /// A field that HTTPTypes has no constant for. A name that is no token (RFC 9110 §5.1) is never there.
  subscript(named name: String) -> String? {
    get { HTTPField.Name(name).flatMap { self[$0] } }
    set { if let name = HTTPField.Name(name) { self[name] = newValue } }
  }
}
