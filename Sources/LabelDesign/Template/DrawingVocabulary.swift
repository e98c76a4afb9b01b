/// The SVG that a template may use. What does not stand here is refused: a drawing for a label needs no script, no filter and
/// nothing from elsewhere, and what is not let in cannot harm.
enum DrawingVocabulary {
  static let shapes: Set<String> = [
    "rect", "circle", "ellipse", "line", "polyline", "polygon", "path", "image", "use",
  ]
  /// Elements that hold others; `symbol`, `clipPath` and gradients only where something refers to them.
  static let containers: Set<String> = ["g", "defs", "symbol", "clipPath", "linearGradient", "radialGradient"]
  static let leaves: Set<String> = ["stop"]
  /// Read over, with all that is in them.
  static let remarks: Set<String> = ["title", "desc", "metadata"]

  static let attributes: Set<String> = [
    "id", "transform", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height",
    "points", "d", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset", "color", "clip-path",
    "clip-rule", "clipPathUnits", "gradientUnits", "gradientTransform", "spreadMethod", "offset", "stop-color",
    "stop-opacity", "preserveAspectRatio", "viewBox", "href", "xlink:href", "shape-rendering",
    "font-family", "font-size", "font-weight", "font-style", "text-anchor",
  ]
  /// What drawing programs write beside, and what says nothing about shapes or fitted text.
  static let idle: Set<String> = [
    "xml:space", "version", "paint-order", "text-rendering", "image-rendering", "color-rendering",
    "color-interpolation",
    "color-interpolation-filters", "font-stretch", "line-height", "text-align", "white-space", "font-feature-settings",
    "solid-color", "solid-opacity", "overflow", "enable-background", "isolation", "font-variation-settings",
    "font-variant", "font-variant-ligatures", "font-variant-caps", "font-variant-numeric", "font-variant-east-asian",
    "font-variant-position", "font-variant-alternates", "text-orientation",
  ]
  /// Properties that may stand only with a value that changes nothing.
  static let idleWhen: [String: Set<String>] = [
    "display": ["inline", "block"], "visibility": ["visible"], "filter": ["none"], "mask": ["none"],
    "marker": ["none"], "marker-start": ["none"], "marker-mid": ["none"], "marker-end": ["none"],
    "mix-blend-mode": ["normal"], "letter-spacing": ["0", "0px", "normal"], "word-spacing": ["0", "0px", "normal"],
    "baseline-shift": ["baseline", "0"], "dominant-baseline": ["auto", "baseline", "alphabetic"],
    "text-decoration": ["none"], "text-decoration-line": ["none"], "text-transform": ["none"], "text-indent": ["0"],
    "writing-mode": ["lr-tb", "lr", "horizontal-tb"], "direction": ["ltr"], "vector-effect": ["none"],
  ]

  static let ownAttributes: [String: Set<String>] = [
    "text": [
      "data-width", "data-fit", "data-lines", "data-line-height", "data-valign", "data-break", "data-if", "data-unless",
      "data-pages",
    ],
    "rect": [
      "data-symbology", "data-value", "data-error-correction", "data-columns", "data-module", "data-least-module",
      "data-quiet", "data-align", "data-shape", "data-bearer", "data-digits", "data-if", "data-unless", "data-pages",
    ],
    "g": ["data-rows", "data-row-height", "data-height", "data-full-height", "data-if", "data-unless", "data-pages"],
  ]
  /// Of every other element.
  static let otherOwnAttributes: Set<String> = ["data-if", "data-unless", "data-pages"]

  /// Why an attribute or property is refused.
  static func reason(againstAttribute name: String) -> String {
    switch name {
    case "shape-inside", "shape-subtract", "shape-padding", "inline-size":
      "`\(name)` flows text into a frame, which is refused: delete it, and give the text data-width and data-lines"
    case "textLength", "lengthAdjust", "dx", "dy", "rotate":
      "`\(name)` is refused: a text is fitted by data-width and data-fit"
    case "class": "`class` is refused, since `style` elements are: write the properties at the elements themselves"
    default: "`\(name)` is no attribute that a label takes; see labels/README.md"
    }
  }

  /// Why an element is refused.
  static func reason(against element: String) -> String {
    switch element {
    case "script": "scripts are refused: delete it"
    case "foreignObject": "`foreignObject` is refused: draw it with shapes and text"
    case "style": "`style` elements are refused: write the properties at the elements themselves"
    case "a": "links are refused: put what it holds there without it"
    case "svg": "an `svg` inside another is refused: use `g`"
    case "filter", "mask", "pattern", "marker":
      "`\(element)` is refused: a label printer has black and white only; draw plain shapes"
    case "flowRoot", "textPath", "tref":
      "`\(element)` is refused: use `text`, with data-width and data-lines for more than one line"
    case "animate", "animateTransform", "animateMotion", "set": "animations are refused: delete it"
    default: "`\(element)` is no element that a label takes; see labels/README.md"
    }
  }
}
