import LabelDesign

/// A template as the station has it: one that ships with the program, or the site's own.
struct ShelfTemplate: Sendable {
  enum Drawing: Sendable {
    case drawing(LabelTemplate)
    /// Native ZPL, for those who have such: goes to a printer of that language only, and has no preview.
    case zpl(ZPLTemplate)
  }

  let id: String
  let isOwn: Bool
  let drawing: Drawing

  /// What people call it.
  var name: String {
    switch drawing {
    case .drawing(let template): template.description.name
    case .zpl: id
    }
  }

  /// The label's size; nil for native ZPL, which does not say.
  var size: LabelSize? {
    if case .drawing(let template) = drawing { template.description.size } else { nil }
  }

  /// The fields that it can be given. Of native ZPL only the names are known; every one of them is wanted.
  var fieldNames: [String] {
    switch drawing {
    case .drawing(let template): template.description.fields.map(\.name)
    case .zpl(let template): template.fields
    }
  }

  /// Its lists; native ZPL has none.
  var listNames: [String] {
    if case .drawing(let template) = drawing { template.description.lists.map(\.name) } else { [] }
  }
}
