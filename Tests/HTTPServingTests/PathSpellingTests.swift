import HTTPServing
import Testing

struct PathSpellingTests {
  @Test(arguments: [
    "/", "/assets", "/api/v1/assets/7/dossier", "/log/tile/0/x001/067.p/3", "/a/%2F", "/a/..", "/%C3%A9",
  ])
  func aPathWithoutEmptyPartsIsPlain(_ path: String) { #expect(PathSpelling.isPlain(path)) }

  @Test(arguments: ["", "assets", "//", "/assets/", "//assets", "/api//v1/assets", "/assets//", "*", "/\u{301}/"])
  func otherSpellingsAreNot(_ path: String) { #expect(!PathSpelling.isPlain(path)) }
}
