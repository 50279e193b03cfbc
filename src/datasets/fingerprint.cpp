#include "pyro/datasets/fingerprint.hpp"

#include <sodium.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <vector>

namespace pyro::datasets {
namespace {

constexpr int kSide = crop::kExpressionSide;
constexpr int kFrequencies = 11;  // 0..10 in each direction: the diagonals up to 10 hold 65 without the mean

class Hasher {
 public:
  Hasher(int width, int height) {
    crypto_generichash_init(&state_, nullptr, 0, sizeof(Digest));
    const std::array<std::int32_t, 2> size{width, height};
    add(reinterpret_cast<const std::uint8_t*>(size.data()), sizeof size);
  }
  void add(const std::uint8_t* bytes, std::size_t count) { crypto_generichash_update(&state_, bytes, count); }
  void add(const records::Plane& plane, int row_bytes, int rows) {
    for (int y = 0; plane.data != nullptr && y < rows; ++y)
      add(plane.row(y), static_cast<std::size_t>(row_bytes));
  }
  Digest digest() {
    Digest digest{};
    crypto_generichash_final(&state_, reinterpret_cast<unsigned char*>(digest.data()), sizeof digest);
    return digest;
  }

 private:
  crypto_generichash_state state_{};
};

// [frequency][pixel]
const std::array<std::array<float, kSide>, kFrequencies>& cosines() {
  static const auto table = [] {
    std::array<std::array<float, kSide>, kFrequencies> made{};
    for (int k = 0; k < kFrequencies; ++k) {
      for (int i = 0; i < kSide; ++i) {
        made[static_cast<std::size_t>(k)][static_cast<std::size_t>(i)] =
            static_cast<float>(std::cos(std::numbers::pi * k * (2 * i + 1) / (2.0 * kSide)));
      }
    }
    return made;
  }();
  return table;
}

}  // namespace

Digest digest_of(const crop::GreyFace& face) {
  Hasher hasher(kSide, kSide);
  hasher.add(face.pixels.data(), face.pixels.size());
  return hasher.digest();
}

Digest digest_of(const records::Frame& frame) {
  Hasher hasher(frame.width, frame.height);
  if (frame.rgb.data != nullptr) {
    hasher.add(frame.rgb, 3 * frame.width, frame.height);
  } else {
    hasher.add(frame.y, frame.width, frame.height);
    const auto chroma = [](int size, int shift) { return (size + (1 << shift) - 1) >> shift; };
    const int width = chroma(frame.width, frame.chroma_shift_x),
              height = chroma(frame.height, frame.chroma_shift_y);
    hasher.add(frame.u, width, height);
    hasher.add(frame.v, width, height);
  }
  return hasher.digest();
}

std::uint64_t perceptual_hash(const crop::GreyFace& face) {
  const auto& cosine = cosines();
  // Rows first, then columns: [frequency in x][row].
  std::array<std::array<float, kSide>, kFrequencies> rows{};
  std::array<float, kSide> line{};
  for (std::size_t y = 0; y < kSide; ++y) {
    for (std::size_t x = 0; x < kSide; ++x) line[x] = static_cast<float>(face.pixels[y * kSide + x]);
    for (std::size_t u = 0; u < kFrequencies; ++u) {
      float sum = 0;
      for (std::size_t x = 0; x < kSide; ++x) sum += line[x] * cosine[u][x];
      rows[u][y] = sum;
    }
  }
  std::array<float, 64> values{};
  std::size_t count = 0;
  for (std::size_t diagonal = 1; count < values.size(); ++diagonal) {
    for (std::size_t u = 0; u <= diagonal && count < values.size(); ++u) {
      float sum = 0;
      for (std::size_t y = 0; y < kSide; ++y) sum += rows[u][y] * cosine[diagonal - u][y];
      values[count++] = sum;
    }
  }
  std::array<float, 64> sorted = values;
  std::ranges::nth_element(sorted, sorted.begin() + 32);
  const float median = sorted[32];
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < values.size(); ++i) hash |= std::uint64_t{values[i] > median} << i;
  return hash;
}

Sketch sketch_of(const crop::GreyFace& face) {
  constexpr std::size_t kBlock = kSide / kSketchSide;
  std::array<float, kSketchSide * kSketchSide> means{};
  float mean = 0;
  for (std::size_t i = 0; i < means.size(); ++i) {
    const std::size_t top = i / kSketchSide * kBlock, left = i % kSketchSide * kBlock;
    for (std::size_t y = top; y < top + kBlock; ++y) {
      for (std::size_t x = left; x < left + kBlock; ++x)
        means[i] += static_cast<float>(face.pixels[y * kSide + x]);
    }
    mean += means[i] / static_cast<float>(means.size());
  }
  float largest = 0;
  for (float& value : means) {
    value -= mean;
    largest = std::max(largest, std::abs(value));
  }
  Sketch sketch{};
  if (largest < kBlock * kBlock) return sketch;  // less than one grey level of 255: a blank
  for (std::size_t i = 0; i < means.size(); ++i)
    sketch[i] = static_cast<std::int8_t>(std::lround(127 * means[i] / largest));
  return sketch;
}

float likeness(const Sketch& a, const Sketch& b) {
  int both = 0, first = 0, second = 0;  // at most 144 · 127²
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += a[i] * b[i];
    first += a[i] * a[i];
    second += b[i] * b[i];
  }
  if (first == 0 || second == 0) return 0;
  return static_cast<float>(static_cast<double>(both) /
                            std::sqrt(static_cast<double>(first) * static_cast<double>(second)));
}

}  // namespace pyro::datasets
