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

  // What looks into the drawing is never inlined: the optimizer of Swift 6.3.1 breaks off at several of them in one function
  // ("Found outside of lifetime use" in CopyPropagation).

  /// What people call it.
  @inline(never) var name: String {
    switch drawing {
    case .drawing(let template): template.description.name
    case .zpl: id
    }
  }

  /// What a drawn template says of itself; nil for native ZPL.
  @inline(never) var description: LabelDescription? {
    if case .drawing(let template) = drawing { template.description } else { nil }
  }

  /// The symbologies of a drawn template's codes.
  @inline(never) var symbologies: [LabelSymbology] {
    if case .drawing(let template) = drawing { template.symbologies } else { [] }
  }

  /// The label's size; nil for native ZPL, which does not say.
  @inline(never) var size: LabelSize? {
    if case .drawing(let template) = drawing { template.description.size } else { nil }
  }

  /// The fields that it can be given. Of native ZPL only the names are known; every one of them is wanted.
  @inline(never) var fieldNames: [String] {
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
