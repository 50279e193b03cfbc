// See plane_kernels.hpp. The including file defines Simd: V, kWidth, kBlock, kTile and the operations on V.

template <bool Adds>
inline void finish(const Mix& a, std::size_t n, std::size_t p, Simd::V sum) {
  if constexpr (Adds) sum = Simd::add(sum, Simd::load(a.added + n * a.added_stride + p));
  if (a.slope != nullptr) sum = Simd::leaky(sum, Simd::all(a.slope[n]));
  Simd::store(a.y + n * a.y_stride + p, sum);
}

// A block of outputs at some vectors of pixels; I counts their sums. Spelled out by packs instead of loops,
// so that the sums never leave their registers: with few inputs, going through memory would be half the work.
template <std::size_t... Vector, std::size_t... I>
inline void mix_tile(const Mix& a, std::size_t first, std::size_t p, std::index_sequence<Vector...>,
                     std::index_sequence<I...>) {
  using V = Simd::V;
  constexpr std::size_t kVectors = sizeof...(Vector);
  V sum[sizeof...(I)] = {Simd::all(a.bias[first + I / kVectors])...};
  const float* w = a.weights + first * a.inputs;
  for (std::size_t k = 0; k < a.inputs; ++k, w += Simd::kBlock) {
    const float* x = a.x[k] + p;
    const V value[kVectors] = {Simd::load(x + Vector * Simd::kWidth)...};
    ((sum[I] = Simd::fma(Simd::all(w[I / kVectors]), value[I % kVectors], sum[I])), ...);
  }
  if (first < a.added_outputs) {
    (finish<true>(a, first + I / kVectors, p + I % kVectors * Simd::kWidth, sum[I]), ...);
  } else {
    (finish<false>(a, first + I / kVectors, p + I % kVectors * Simd::kWidth, sum[I]), ...);
  }
}

template <std::size_t Vectors>
inline void mix_tile(const Mix& a, std::size_t first, std::size_t p) {
  mix_tile(a, first, p, std::make_index_sequence<Vectors>(),
           std::make_index_sequence<Vectors * Simd::kBlock>());
}

void mix(const Mix& a) {
  constexpr std::size_t kStep = Simd::kTile * Simd::kWidth;
  std::size_t p = 0;
  for (; p + kStep <= a.pixels; p += kStep) {
    for (std::size_t n = 0; n < a.outputs; n += Simd::kBlock) mix_tile<Simd::kTile>(a, n, p);
  }
  if (Simd::kTile > 2 && p + 2 * Simd::kWidth <= a.pixels) {
    for (std::size_t n = 0; n < a.outputs; n += Simd::kBlock) mix_tile<2>(a, n, p);
    p += 2 * Simd::kWidth;
  }
  for (; p < a.pixels; p += Simd::kWidth) {
    for (std::size_t n = 0; n < a.outputs; n += Simd::kBlock) mix_tile<1>(a, n, p);
  }
}

void depthwise(const Depthwise& a) {
  using V = Simd::V;
  for (std::size_t c = 0; c < a.channels; ++c) {
    const float* w = a.weights + 9 * c;
    V weight[9];
    for (std::size_t i = 0; i < 9; ++i) weight[i] = Simd::all(w[i]);
    const V bias = Simd::all(a.bias[c]);
    Simd::Window window[3] = {Simd::Window(a.rows[0] + c * a.stride), Simd::Window(a.rows[1] + c * a.stride),
                              Simd::Window(a.rows[2] + c * a.stride)};
    float* y = a.y + c * a.y_stride;
    for (std::size_t p = 0; p < a.pixels; p += Simd::kWidth) {
      V sum[3] = {bias, Simd::zero(), Simd::zero()};
      for (std::size_t i = 0; i < 3; ++i) {
        V left, here, right;
        window[i].next(left, here, right);
        sum[i] = Simd::fma(weight[3 * i], left, sum[i]);
        sum[i] = Simd::fma(weight[3 * i + 1], here, sum[i]);
        sum[i] = Simd::fma(weight[3 * i + 2], right, sum[i]);
      }
      Simd::store(y + p, Simd::add(Simd::add(sum[0], sum[1]), sum[2]));
    }
  }
}

void depthwise_halving(const DepthwiseHalving& a) {
  using V = Simd::V;
  for (std::size_t c = 0; c < a.channels; ++c) {
    const float* w = a.weights + 9 * c;
    float* y = a.y + c * a.y_stride;
    for (std::size_t p = 0; p < a.pixels; p += Simd::kWidth) {
      V sum[3] = {Simd::all(a.bias[c]), Simd::zero(), Simd::zero()};
      for (std::size_t i = 0; i < 3; ++i) {
        const float* even = a.rows[i][0] + c * a.stride + p;
        const float* odd = a.rows[i][1] + c * a.stride + p;
        sum[i] = Simd::fma(Simd::all(w[3 * i]), Simd::load(even), sum[i]);
        sum[i] = Simd::fma(Simd::all(w[3 * i + 1]), Simd::load(odd), sum[i]);
        sum[i] = Simd::fma(Simd::all(w[3 * i + 2]), Simd::load(even + 1), sum[i]);
      }
      Simd::store(y + p, Simd::add(Simd::add(sum[0], sum[1]), sum[2]));
    }
  }
}

void split(const float* row0, const float* row1, std::size_t pixels, float* const out[4], float* greatest) {
  using V = Simd::V;
  // In steps of kLanes for every width: what is written behind the row is the same for all kernels.
  for (std::size_t at = 0; at < pixels; at += kLanes) {
    for (std::size_t p = at; p < at + kLanes; p += Simd::kWidth) {
      V even0, odd0, even1, odd1;
      Simd::split(row0 + 2 * p, even0, odd0);
      Simd::split(row1 + 2 * p, even1, odd1);
      Simd::store(out[0] + p, even0);
      Simd::store(out[1] + p, odd0);
      Simd::store(out[2] + p, even1);
      Simd::store(out[3] + p, odd1);
      if (greatest != nullptr) {
        Simd::store(greatest + p, Simd::max(Simd::max(even0, odd0), Simd::max(even1, odd1)));
      }
    }
  }
}

void dense(const float* x, std::size_t inputs, const std::uint16_t* weights, const float* bias,
           std::size_t groups, float* y) {
  using V = Simd::V;
  constexpr std::size_t kVectors = kDenseGroup / Simd::kWidth;
  for (std::size_t g = 0; g < groups; ++g) {
    V sum[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) sum[v] = Simd::load(bias + g * kDenseGroup + v * Simd::kWidth);
    const std::uint16_t* w = weights + g * inputs * kDenseGroup;
    for (std::size_t k = 0; k < inputs; ++k, w += kDenseGroup) {
      const V value = Simd::all(x[k]);
      for (std::size_t v = 0; v < kVectors; ++v) {
        sum[v] = Simd::fma(value, Simd::from_half(w + v * Simd::kWidth), sum[v]);
      }
    }
    for (std::size_t v = 0; v < kVectors; ++v) Simd::store(y + g * kDenseGroup + v * Simd::kWidth, sum[v]);
  }
}
