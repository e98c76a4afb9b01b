import LabelDesign
import Testing

@Test func aNewPictureIsWhite() {
  let picture = Bitmap(width: 9, height: 2)
  #expect(picture.bytes == [0, 0, 0, 0])
}
