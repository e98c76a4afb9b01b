// bare-zxing: zxing-cpp alone, for read-accuracy. Gray frames come on standard input (width and height, 32 bit each, then
// the pixels); each is answered on standard output by the nanoseconds that ReadBarcode took (64 bit), the number of
// bytes of the text (32 bit; all ones when nothing was found) and the text in UTF-8.

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

int main() {
  uint32_t size[2];
  std::vector<uint8_t> pixels;
  while (std::fread(size, sizeof size, 1, stdin) == 1) {
    pixels.resize(size_t(size[0]) * size[1]);
    if (std::fread(pixels.data(), 1, pixels.size(), stdin) != pixels.size()) return 1;
    ZXing::ImageView view(pixels.data(), int(size[0]), int(size[1]), ZXing::ImageFormat::Lum);
    auto start = std::chrono::steady_clock::now();
    auto found = ZXing::ReadBarcode(view);
    auto end = std::chrono::steady_clock::now();
    uint64_t elapsed = uint64_t(std::chrono::duration_cast<std::chrono::nanoseconds>(end - start).count());
    std::string text = found.isValid() ? found.text() : "";
    uint32_t length = found.isValid() ? uint32_t(text.size()) : UINT32_MAX;
    std::fwrite(&elapsed, sizeof elapsed, 1, stdout);
    std::fwrite(&length, sizeof length, 1, stdout);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
}
