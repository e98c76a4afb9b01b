// custody-zxing: gray frames in, symbols out. The child process in which zxing-cpp runs.
//
// Debian's libzxing 1.4 aborts on some ordinary photographs; here that costs one answer and not the station. The parent
// (BarcodeVision/ZXingChild.swift) maps the same memory file, writes a frame into it, sends a Request on descriptor 0 and
// reads a Reply from descriptor 1. Numbers are 32 bit in the machine's own order: both ends are one machine.
//
//   Request  magic, width, height, stride, formats, flags, most
//   Reply    magic, count of bytes that follow, then of each symbol:
//            format, flags (1: its character set is declared, 2: found after others were painted over), identifier (4 bytes, NUL padded), line count, 4 × (x, y), length and bytes of the raw data,
//            length and bytes of the text in UTF-8
//
// The descriptor of the memory file is 3. End of input ends the process; so does a frame that takes longer than
// `secondsPerFrame`, should the parent be gone by then.

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>
#if __has_include(<ZXing/ZXVersion.h>)
#include <ZXing/ZXVersion.h>
#elif __has_include(<ZXing/Version.h>)
#include <ZXing/Version.h>
#endif

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#define CUSTODY_ZXING_SINCE(major, minor) \
  (ZXING_VERSION_MAJOR > (major) || (ZXING_VERSION_MAJOR == (major) && ZXING_VERSION_MINOR >= (minor)))

namespace {

using ZXing::BarcodeFormat;
#if CUSTODY_ZXING_SINCE(2, 2)
using Options = ZXing::ReaderOptions;
#else
using Options = ZXing::DecodeHints;
#endif
#if CUSTODY_ZXING_SINCE(2, 2)
using Found = ZXing::Barcode;
#else
using Found = ZXing::Result;
#endif

constexpr uint32_t magic = 0x315A5843;  // "CXZ1"
constexpr unsigned secondsPerFrame = 30;
constexpr size_t smallPixels = 150'000;
constexpr rlim_t memoryLimit = rlim_t(3) << 30;

struct Request {
  uint32_t magic, width, height, stride, formats, flags, most;
};

// Request.formats: which of them to look for.
enum : uint32_t { anyButDataBar = 1, dataBar = 2, productCodes = 4, matrices = 8, linear = 16 };
// Request.flags.
enum : uint32_t { harder = 1, rotate = 2, downscale = 4, globalThreshold = 8, addOns = 16, thenBars = 64 };

// The numbers of the formats in a Reply. They are ours, for zxing-cpp renumbers its own.
uint32_t number(BarcodeFormat format) {
  switch (format) {
    case BarcodeFormat::Code128: return 1;
    case BarcodeFormat::Code39: return 2;
    case BarcodeFormat::Code93: return 3;
    case BarcodeFormat::ITF: return 4;
    case BarcodeFormat::Codabar: return 5;
    case BarcodeFormat::EAN13: return 6;
    case BarcodeFormat::EAN8: return 7;
    case BarcodeFormat::UPCA: return 8;
    case BarcodeFormat::UPCE: return 9;
    case BarcodeFormat::DataBar: return 10;
    case BarcodeFormat::DataBarExpanded: return 11;
    case BarcodeFormat::QRCode: return 12;
    case BarcodeFormat::MicroQRCode: return 13;
    case BarcodeFormat::Aztec: return 14;
    case BarcodeFormat::DataMatrix: return 15;
    case BarcodeFormat::PDF417: return 16;
    case BarcodeFormat::MaxiCode: return 17;
#if CUSTODY_ZXING_SINCE(2, 3)
    case BarcodeFormat::DataBarLimited: return 18;
#endif
    default: return 0;
  }
}

ZXing::BarcodeFormats formats(uint32_t wanted) {
  ZXing::BarcodeFormats set;
  constexpr BarcodeFormat products[] = {BarcodeFormat::EAN13, BarcodeFormat::EAN8, BarcodeFormat::UPCA,
                                        BarcodeFormat::UPCE};
  constexpr BarcodeFormat others[] = {BarcodeFormat::Code128,     BarcodeFormat::Code39, BarcodeFormat::Code93,
                                      BarcodeFormat::ITF,         BarcodeFormat::Codabar, BarcodeFormat::QRCode,
                                      BarcodeFormat::MicroQRCode, BarcodeFormat::Aztec,  BarcodeFormat::DataMatrix,
                                      BarcodeFormat::PDF417,      BarcodeFormat::MaxiCode};
  constexpr BarcodeFormat bars[] = {BarcodeFormat::Code128, BarcodeFormat::Code39, BarcodeFormat::Code93,
                                    BarcodeFormat::ITF,     BarcodeFormat::Codabar};
  constexpr BarcodeFormat squares[] = {BarcodeFormat::DataMatrix, BarcodeFormat::Aztec, BarcodeFormat::QRCode,
                                       BarcodeFormat::MicroQRCode};
  if (wanted & (anyButDataBar | productCodes | linear))
    for (auto format : products) set |= format;
  if (wanted & anyButDataBar)
    for (auto format : others) set |= format;
  if (wanted & linear)
    for (auto format : bars) set |= format;
  if (wanted & matrices)
    for (auto format : squares) set |= format;
  if (wanted & dataBar) {
    set |= BarcodeFormat::DataBar;
    set |= BarcodeFormat::DataBarExpanded;
#if CUSTODY_ZXING_SINCE(2, 3)
    set |= BarcodeFormat::DataBarLimited;
#endif
  }
  return set;
}

Options options(const Request &request) {
  Options options;
  options.setFormats(formats(request.formats));
  options.setTryHarder(request.flags & harder);
  options.setTryRotate(request.flags & rotate);
  options.setTryDownscale(request.flags & downscale);
  if (request.flags & globalThreshold) options.setBinarizer(ZXing::Binarizer::GlobalHistogram);
  options.setEanAddOnSymbol(request.flags & addOns ? ZXing::EanAddOnSymbol::Read : ZXing::EanAddOnSymbol::Ignore);
#if !CUSTODY_ZXING_SINCE(3, 0)
  options.setReturnCodabarStartEnd(true);
#endif
#if CUSTODY_ZXING_SINCE(2, 0)
  options.setTextMode(ZXing::TextMode::Plain);
  options.setTryInvert(false);
#endif
  return options;
}

void put(std::vector<uint8_t> &reply, uint32_t value) {
  auto bytes = reinterpret_cast<const uint8_t *>(&value);
  reply.insert(reply.end(), bytes, bytes + sizeof value);
}

template <typename Bytes>
void putBytes(std::vector<uint8_t> &reply, const Bytes &bytes) {
  put(reply, uint32_t(bytes.size()));
  reply.insert(reply.end(), bytes.begin(), bytes.end());
}

struct Place {
  double x, y;
  Place operator+(Place other) const { return {x + other.x, y + other.y}; }
  Place operator*(double factor) const { return {x * factor, y * factor}; }
};

// The gray values along a line, and how much two such rows of values are alike: 1 is the same bars, 0 has nothing to do
// with them. Nothing when the line leaves the frame.
bool sample(const uint8_t *pixels, const Request &request, Place from, Place step, std::vector<float> &values) {
  double sum = 0;
  for (auto &value : values) {
    long x = std::lround(from.x), y = std::lround(from.y);
    if (x < 0 || y < 0 || x >= long(request.width) || y >= long(request.height)) return false;
    value = pixels[size_t(y) * request.stride + size_t(x)];
    sum += value;
    from = from + step;
  }
  double square = 0;
  for (auto &value : values) {
    value -= float(sum / double(values.size()));
    square += double(value) * value;
  }
  if (square <= 0) return false;
  for (auto &value : values) value /= float(std::sqrt(square));
  return true;
}

double likeness(const std::vector<float> &one, const std::vector<float> &other) {
  double sum = 0;
  for (size_t i = 0; i < one.size(); ++i) sum += double(one[i]) * other[i];
  return sum;
}

using Outline = std::array<Place, 4>;

// The corners of a symbol, clockwise or not. Of a linear symbol zxing-cpp knows only the line that it read; how far its
// bars go on from there is found by comparing the lines beside it.
Outline outline(const uint8_t *pixels, const Request &request, const Found &found) {
  Outline corners;
  size_t count = 0;
  for (auto corner : found.position()) corners[count++] = {double(corner.x), double(corner.y)};
  Place from = corners[0], to = corners[1];
  double length = std::hypot(to.x - from.x, to.y - from.y);
  double depth = std::hypot(corners[3].x - from.x, corners[3].y - from.y);
  if (depth > 3 || length < 8) return corners;
  Place along = {(to.x - from.x) / length, (to.y - from.y) / length};
  Place across = {-along.y, along.x};
  std::vector<float> reference(size_t(std::min(length, 400.0)));
  std::vector<float> values(reference.size());
  double step = length / double(reference.size());
  if (!sample(pixels, request, from, along * step, reference)) return corners;
  for (int side : {-1, 1}) {
    // Bars that lean move along from line to line.
    double shift = 0, keptShift = 0;
    int kept = 0;
    for (int distance = 1; distance <= int(length) + 64 && distance - kept <= 4; ++distance) {
      double best = -1, bestShift = shift;
      for (double moved : {shift, shift - 1, shift + 1}) {
        if (!sample(pixels, request, from + across * (side * distance) + along * moved, along * step, values)) continue;
        double alike = likeness(reference, values);
        if (alike > best + 0.01) best = alike, bestShift = moved;
      }
      if (best < 0.5) continue;
      shift = bestShift;
      keptShift = shift;
      kept = distance;
    }
    Place offset = across * (side * kept) + along * keptShift;
    corners[side < 0 ? 0 : 3] = from + offset;
    corners[side < 0 ? 1 : 2] = to + offset;
  }
  return corners;
}

// Paints over a symbol, so that the next search meets another one.
void blank(uint8_t *pixels, const Request &request, const Outline &corners) {
  // A little more than the outline, and at least a few lines of a symbol of which only a line is known.
  Place centre = (corners[0] + corners[1] + corners[2] + corners[3]) * 0.25;
  Outline grown;
  for (size_t i = 0; i < 4; ++i) {
    Place out = {corners[i].x - centre.x, corners[i].y - centre.y};
    grown[i] = corners[i] + Place{out.x > 0 ? 3.0 : -3.0, out.y > 0 ? 3.0 : -3.0};
  }
  double top = grown[0].y, bottom = grown[0].y;
  for (auto corner : grown) top = std::min(top, corner.y), bottom = std::max(bottom, corner.y);
  long first = std::max(0l, std::lround(top)), last = std::min(long(request.height) - 1, std::lround(bottom));
  for (long y = first; y <= last; ++y) {
    double left = 1e9, right = -1e9;
    for (size_t i = 0; i < 4; ++i) {
      Place a = grown[i], b = grown[(i + 1) % 4];
      if (a.y > b.y) std::swap(a, b);
      if (double(y) < a.y - 0.5 || double(y) > b.y + 0.5) continue;
      for (double at : {double(y) - 0.5, double(y) + 0.5}) {
        double share = b.y - a.y < 1e-6 ? 0 : std::clamp((at - a.y) / (b.y - a.y), 0.0, 1.0);
        double x = a.x + share * (b.x - a.x);
        left = std::min(left, x), right = std::max(right, x);
        if (b.y - a.y < 1) left = std::min({left, a.x, b.x}), right = std::max({right, a.x, b.x});
      }
    }
    long from = std::max(0l, std::lround(left)), to = std::min(long(request.width) - 1, std::lround(right));
    if (from <= to) std::memset(pixels + size_t(y) * request.stride + size_t(from), 0xFF, size_t(to - from + 1));
  }
}

struct Seen {
  Found found;
  Outline corners;
  bool isFirst;
};

void put(std::vector<uint8_t> &reply, const Seen &seen) {
  const Found &found = seen.found;
  put(reply, number(found.format()));
  put(reply, (found.hasECI() ? 1u : 0u) | (seen.isFirst ? 0u : 2u));
  char identifier[4] = {};
  auto given = found.symbologyIdentifier();
  std::memcpy(identifier, given.data(), std::min<size_t>(given.size(), 3));
  reply.insert(reply.end(), identifier, identifier + 4);
  put(reply, uint32_t(std::max(0, found.lineCount())));
  for (auto corner : seen.corners) {
    put(reply, uint32_t(int32_t(std::lround(corner.x))));
    put(reply, uint32_t(int32_t(std::lround(corner.y))));
  }
  putBytes(reply, found.bytes());
  putBytes(reply, found.text());
}

std::vector<Seen> find(uint8_t *pixels, const Request &request) {
  std::vector<Seen> all;
  ZXing::ImageView view(pixels, int(request.width), int(request.height), ZXing::ImageFormat::Lum, int(request.stride));
  auto settings = options(request);
#if CUSTODY_ZXING_SINCE(2, 0)
  settings.setMaxNumberOfSymbols(uint8_t(std::min(request.most, 255u)));
  for (auto &found : ZXing::ReadBarcodes(view, settings))
    if (found.isValid()) all.push_back({found, outline(pixels, request, found), true});
#else
  // ReadBarcodes of 1.4 aborts on every twelfth photograph, ReadBarcode on hardly any.
  while (all.size() < request.most) {
    auto found = ZXing::ReadBarcode(view, settings);
    if (!found.isValid()) break;
    auto corners = outline(pixels, request, found);
    if (all.size() + 1 < request.most) blank(pixels, request, corners);
    // What stands beside it on a small picture is the same way up; looking for what is not would double the time.
    bool isUpright = std::abs(corners[1].x - corners[0].x) >= std::abs(corners[1].y - corners[0].y);
    if (request.flags & thenBars) settings.setFormats(formats(linear) | BarcodeFormat::PDF417);
    if (isUpright && size_t(request.width) * request.height < smallPixels) settings.setTryRotate(false);
    all.push_back({std::move(found), corners, all.empty()});
  }
#endif
  return all;
}

bool readAll(void *into, size_t count) {
  auto at = static_cast<uint8_t *>(into);
  while (count > 0) {
    ssize_t got = read(0, at, count);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    count -= size_t(got);
  }
  return true;
}

bool writeAll(const void *from, size_t count) {
  auto at = static_cast<const uint8_t *>(from);
  while (count > 0) {
    ssize_t put = write(1, at, count);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    at += put;
    count -= size_t(put);
  }
  return true;
}

// The frame, mapped; unmapped at the end of its scope, since the parent may make the file shorter again.
class Mapping {
  void *address = MAP_FAILED;
  size_t length;

 public:
  explicit Mapping(size_t length) : length(length) {
    struct stat status;
    // Touching a page beyond the end of the file would be SIGBUS.
    if (fstat(3, &status) == 0 && status.st_size >= off_t(length))
      address = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, 3, 0);
  }
  Mapping(const Mapping &) = delete;
  Mapping &operator=(const Mapping &) = delete;
  ~Mapping() {
    if (address != MAP_FAILED) munmap(address, length);
  }
  uint8_t *pixels() const { return address == MAP_FAILED ? nullptr : static_cast<uint8_t *>(address); }
};

void limit(int resource, rlim_t value) {
  struct rlimit limits = {value, value};
  setrlimit(__rlimit_resource_t(resource), &limits);
}

}  // namespace

int main(int count, char **arguments) {
  if (count != 2 || std::strcmp(arguments[1], "--frames") != 0) {
    const char *text = "custody-zxing is started by custody, which hands it the frames to decode.\n";
    return write(2, text, std::strlen(text)) < 0 ? 1 : 64;
  }
  // Nothing but the three of the protocol and standard error is ours, whatever the parent had open.
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 34)
  closefrom(4);
#endif
  limit(RLIMIT_AS, memoryLimit);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 16);

  Request request;
  std::vector<uint8_t> reply;
  while (readAll(&request, sizeof request)) {
    if (request.magic != magic || request.width == 0 || request.height == 0 || request.stride < request.width ||
        request.height > 1u << 16 || request.stride > 1u << 16)
      return 65;
    alarm(secondsPerFrame);
    Mapping frame(size_t(request.stride) * request.height);
    if (frame.pixels() == nullptr) return 66;
    reply.clear();
    put(reply, magic);
    put(reply, 0);
    for (const auto &seen : find(frame.pixels(), request)) put(reply, seen);
    uint32_t length = uint32_t(reply.size() - 8);
    std::memcpy(reply.data() + 4, &length, sizeof length);
    if (!writeAll(reply.data(), reply.size())) return 0;
    alarm(0);
  }
  return 0;
}
