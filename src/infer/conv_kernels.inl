// See conv_kernels.hpp. The including file defines Simd: V, kWidth, kMostPixels (how many pixels' sums, kVectors
// wide, fit into registers) and the operations on V.

inline constexpr std::size_t kVectors = 2;  // of outputs at a time
inline constexpr std::size_t kStep = kVectors * Simd::kWidth;

// Some pixels' sums for kStep outputs. Spelled out by packs so that they never leave their registers.
template <std::size_t... I>
inline void product_tile(const Product& a, std::size_t p, std::size_t n, std::index_sequence<I...>) {
  using V = Simd::V;
  V sum[sizeof...(I)] = {(static_cast<void>(I), Simd::zero())...};
  const float* w = a.weights + n / kPanel * a.tap_count * a.channels * kPanel + n % kPanel;
  for (std::size_t t = 0; t < a.tap_count; ++t) {
    const float* x = a.x + p * a.x_stride + a.taps[t];
    for (std::size_t c = 0; c < a.channels; ++c, ++x, w += kPanel) {
      const V weight[kVectors] = {Simd::load(w), Simd::load(w + Simd::kWidth)};
      ((sum[I] = Simd::fma(Simd::all(x[I / kVectors * a.x_stride]), weight[I % kVectors], sum[I])), ...);
    }
  }
  const auto finish = [&](std::size_t pixel, std::size_t v, V value) {
    const std::size_t at = (p + pixel) * a.y_stride + n + v * Simd::kWidth;
    if (a.bias != nullptr) {
      value = Simd::add(value, Simd::load(a.bias + n + v * Simd::kWidth));
      if (a.added != nullptr) value = Simd::add(value, Simd::load(a.added + at));
      if (a.relu) value = Simd::max(value, Simd::zero());
    }
    Simd::store(a.y + at, value);
  };
  (finish(I / kVectors, I % kVectors, sum[I]), ...);
}

template <std::size_t Pixels>
void product_pixels(const Product& a, std::size_t p, std::size_t n) {
  product_tile(a, p, n, std::make_index_sequence<Pixels * kVectors>());
}

using ProductPixels = void (*)(const Product&, std::size_t, std::size_t);
template <std::size_t... I>
constexpr ProductPixels product_of(std::size_t pixels, std::index_sequence<I...>) {
  ProductPixels found = nullptr;
  static_cast<void>(((pixels == I + 1 && (found = product_pixels<I + 1>, true)) || ...));
  return found;
}

void product(const Product& a) {
  // As few groups as there must be, and those of one size where it can be: 16 pixels are 8 and 8, not 12 and 4.
  const std::size_t groups = (a.pixels + Simd::kMostPixels - 1) / Simd::kMostPixels;
  const std::size_t most = (a.pixels + groups - 1) / groups;
  const auto whole = product_of(most, std::make_index_sequence<Simd::kMostPixels>());
  for (std::size_t n = 0; n < a.outputs; n += kStep) {
    std::size_t p = 0;
    for (; p + most <= a.pixels; p += most) whole(a, p, n);
    if (p < a.pixels) product_of(a.pixels - p, std::make_index_sequence<Simd::kMostPixels>())(a, p, n);
  }
}

inline Simd::V scaled(float by, Simd::V value) {
  return Simd::mul(Simd::all(by), value);
}

// One dimension of the transforms; in and out are `step` apart.
template <std::size_t M>
struct Winograd;

template <>
struct Winograd<2> {
  static void to_places(const Simd::V* d, Simd::V* out, std::size_t step) {
    out[0] = Simd::sub(d[0], d[2 * step]);
    out[step] = Simd::add(d[step], d[2 * step]);
    out[2 * step] = Simd::sub(d[2 * step], d[step]);
    out[3 * step] = Simd::sub(d[step], d[3 * step]);
  }
  static void from_places(const Simd::V* d, Simd::V* out, std::size_t step) {
    out[0] = Simd::add(Simd::add(d[0], d[step]), d[2 * step]);
    out[step] = Simd::sub(Simd::sub(d[step], d[2 * step]), d[3 * step]);
  }
};

template <>
struct Winograd<4> {
  static void to_places(const Simd::V* d, Simd::V* out, std::size_t step) {
    using S = Simd;
    const S::V d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
    const S::V a = S::sub(d4, scaled(4, d2)), b = S::sub(d3, scaled(4, d1));
    const S::V c = S::sub(d4, d2), e = scaled(2, S::sub(d3, d1));
    out[0] = S::add(S::sub(scaled(4, d[0]), scaled(5, d2)), d4);
    out[step] = S::add(a, b);
    out[2 * step] = S::sub(a, b);
    out[3 * step] = S::add(c, e);
    out[4 * step] = S::sub(c, e);
    out[5 * step] = S::add(S::sub(scaled(4, d1), scaled(5, d3)), d[5 * step]);
  }
  static void from_places(const Simd::V* d, Simd::V* out, std::size_t step) {
    using S = Simd;
    const S::V a = S::add(d[step], d[2 * step]), b = S::sub(d[step], d[2 * step]);
    const S::V c = S::add(d[3 * step], d[4 * step]), e = S::sub(d[3 * step], d[4 * step]);
    out[0] = S::add(S::add(d[0], a), c);
    out[step] = S::add(b, scaled(2, e));
    out[2 * step] = S::add(a, scaled(4, c));
    out[3 * step] = S::add(S::add(b, scaled(8, e)), d[5 * step]);
  }
};

template <std::size_t M>
void split_tiles(const Tiles& a) {
  constexpr std::size_t kSide = M + 2;
  const std::size_t place = a.across * a.down * a.channels;
  for (std::size_t tile = 0; tile < a.across * a.down; ++tile) {
    const float* first = a.map + tile / a.across * M * a.row + tile % a.across * M * a.channels;
    float* to = a.places + tile * a.channels;
    for (std::size_t c = 0; c < a.channels; c += Simd::kWidth) {
      Simd::V in[kSide * kSide], half[kSide * kSide];
      for (std::size_t i = 0; i < kSide * kSide; ++i)
        in[i] = Simd::load(first + i / kSide * a.row + i % kSide * a.channels + c);
      for (std::size_t i = 0; i < kSide; ++i) Winograd<M>::to_places(in + i, half + i, kSide);
      for (std::size_t i = 0; i < kSide; ++i) Winograd<M>::to_places(half + i * kSide, in + i * kSide, 1);
      for (std::size_t i = 0; i < kSide * kSide; ++i) Simd::store(to + i * place + c, in[i]);
    }
  }
}

template <std::size_t M>
void join_tiles(const Tiles& a) {
  constexpr std::size_t kSide = M + 2;
  const std::size_t place = a.across * a.down * a.channels;
  for (std::size_t tile = 0; tile < a.across * a.down; ++tile) {
    const std::size_t first = tile / a.across * M * a.row + tile % a.across * M * a.channels;
    const float* from = a.places + tile * a.channels;
    for (std::size_t c = 0; c < a.channels; c += Simd::kWidth) {
      Simd::V in[kSide * kSide], half[M * kSide];
      for (std::size_t i = 0; i < kSide * kSide; ++i) in[i] = Simd::load(from + i * place + c);
      for (std::size_t i = 0; i < kSide; ++i) Winograd<M>::from_places(in + i, half + i, kSide);
      for (std::size_t i = 0; i < M; ++i) {
        Simd::V out[M];
        Winograd<M>::from_places(half + i * kSide, out, 1);
        for (std::size_t j = 0; j < M; ++j) {
          const std::size_t at = first + i * a.row + j * a.channels + c;
          Simd::V value = Simd::add(out[j], Simd::load(a.bias + c));
          if (a.added != nullptr) value = Simd::add(value, Simd::load(a.added + at));
          if (a.relu) value = Simd::max(value, Simd::zero());
          Simd::store(a.map + at, value);
        }
      }
    }
  }
}

void halve(const float* row0, const float* row1, std::size_t pixels, std::size_t channels, float* y) {
  for (std::size_t p = 0; p < pixels; ++p) {
    for (std::size_t c = 0; c < channels; c += Simd::kWidth) {
      const std::size_t left = 2 * p * channels + c, right = left + channels;
      const Simd::V above = Simd::add(Simd::load(row0 + left), Simd::load(row0 + right));
      const Simd::V below = Simd::add(Simd::load(row1 + left), Simd::load(row1 + right));
      Simd::store(y + p * channels + c, scaled(0.25F, Simd::add(above, below)));
    }
  }
}
