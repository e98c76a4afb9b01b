import ArgumentParser
import LabelDesign

struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Makes labels, sheets and certificates from templates.",
    discussion: """
      A template is a folder with template.svg and label.yaml: one of those that `custody label list` shows, by its name, or
      one of yours, by its path. labels/README.md has the grammar.

      Examples:
        custody label list
        custody label list asset-tag-50x25-qr              its fields
        custody label preview asset-tag-50x25-qr           with its examples, to asset-tag-50x25-qr.png
        custody label asset-tag-50x25-qr --field tag=AT-00042 --to tag.png
        custody label asset-tag-50x25-code128 --csv assets.csv --to tags.pdf
        custody label pallet-manifest-a4 --field order=DO-0007 --rows items=pallet.csv --examples --to manifest.pdf
        custody label print asset-tag-50x25-qr --asset AT-00042 --operator DEMO-KIM --data /var/lib/custody
        custody label check ./my-label
      """,
    subcommands: [LabelMake.self, LabelPrint.self, LabelPreview.self, LabelTemplatesList.self, LabelCheck.self],
    defaultSubcommand: LabelMake.self
  )
}
