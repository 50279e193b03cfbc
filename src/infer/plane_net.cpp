#include "plane_net.hpp"

#include <algorithm>

#include "plane_layout.hpp"

namespace pyro::infer {

using namespace planes;

std::size_t PlaneMap::margin() const {
  return flat ? rounded(pitch() + 2) : kLanes;
}
std::size_t PlaneMap::padded_stride() const {
  return rounded(band()) + margin();
}
std::size_t PlaneMap::stride() const {
  return flat ? padded_stride() : width;
}
std::size_t PlaneMap::size() const {
  // Two vectors more: rows are split in steps of two vectors, whatever their width.
  return channels * stride() * bands() + 2 * kLanes;
}

namespace {

// Between a flat map's rows, and behind the last, stands what the vectors happened to write there: zeros
// again.
void clear_edges(float* channel, const PlaneMap& map, std::size_t channels) {
  if (!map.flat) return;
  for (std::size_t c = 0; c < channels; ++c, channel += map.padded_stride()) {
    for (std::size_t y = 0; y < map.height; ++y) channel[y * map.pitch() + map.width] = 0;
    std::fill(channel + map.band(), channel + map.padded_stride(), 0.0F);
  }
}

}  // namespace

PlaneNet::Memory::Memory(const PlaneNet& net)
    : input_(ov::shape_size(net.input_shape_)),
      maps_(net.maps_size_),
      scratch_(net.scratch_size_),
      pointers_(net.most_inputs_) {
  for (const Head& head : net.heads_) {
    outputs_.emplace_back((head.outputs + planes::kDenseGroup - 1) / planes::kDenseGroup *
                          planes::kDenseGroup);
    output_sizes_.push_back(head.outputs);
  }
}

std::span<const float> PlaneNet::Memory::output(std::size_t index) const {
  return {outputs_.at(index).data(), output_sizes_.at(index)};
}

const std::vector<std::size_t>& PlaneNet::output_shape(std::size_t index) const {
  return heads_.at(index).shape;
}

namespace {

float* band_of(AlignedFloats& maps, const PlaneMap& map, std::size_t band) {
  return maps.data() + map.offset + band * map.channels * map.stride();
}

// A row of one channel, in whichever way the map is stored.
const float* row_of(AlignedFloats& maps, const PlaneMap& map, std::size_t channel, std::size_t y) {
  return map.flat ? band_of(maps, map, 0) + channel * map.stride() + y * map.pitch()
                  : band_of(maps, map, y) + channel * map.stride();
}

void point_at(std::span<const float*> pointers, const float* first, std::size_t stride) {
  for (std::size_t i = 0; i < pointers.size(); ++i) pointers[i] = first + i * stride;
}

}  // namespace

void PlaneNet::run(Memory& memory) const {
  for (const Step& step : steps_) {
    switch (step.kind) {
      case Step::Kind::stem:
        run_stem(stems_[step.index], memory);
        break;
      case Step::Kind::block:
        run_block(blocks_[step.index], memory);
        break;
      case Step::Kind::plain:
        run_plain(plains_[step.index], memory);
        break;
    }
  }
  for (std::size_t i = 0; i < heads_.size(); ++i) run_head(heads_[i], memory, i);
}

namespace {

template <class Product>
planes::Mix mix_of(const Product& product, const float* const* x, std::size_t pixels, float* y,
                   std::size_t y_stride) {
  planes::Mix mix;
  mix.x = x;
  mix.inputs = product.inputs;
  mix.outputs = product.outputs;
  mix.pixels = pixels;
  mix.weights = product.weights.data();
  mix.bias = product.bias.data();
  mix.slope = product.slope.empty() ? nullptr : product.slope.data();
  mix.y = y;
  mix.y_stride = y_stride;
  return mix;
}

}  // namespace

void PlaneNet::run_stem(const Stem& stem, Memory& memory) const {
  // Each row of the picture is split once and serves two rows of the map; three are held.
  const std::size_t height = input_shape_[1], width = input_shape_[2];
  const PlaneMap& map = stem.out;
  const std::size_t stride = map.padded_stride(), size = padded_size(map, 6);
  float* const ring = memory.scratch_.data() + stem.scratch + padded_front(map);
  const auto slot = [&](std::size_t row) { return ring + (row < height ? row % 3 : 3) * size; };
  const auto bring = [&](std::size_t row) {
    if (row < height)
      kernels_->planes.split_rgb(memory.input_.data() + row * width * 3, width, slot(row), stride);
  };
  bring(0);
  for (std::size_t y = 0; y < map.height; ++y) {
    bring(2 * y + 1);
    bring(2 * y + 2);
    const float** next = memory.pointers_.data();
    for (std::size_t c = 0; c < 3; ++c) {
      for (std::size_t i = 0; i < 3; ++i) {
        const float* planes = slot(2 * y + i);
        *next++ = planes + c * stride;
        *next++ = planes + (c + 3) * stride;
        *next++ = planes + c * stride + 1;
      }
    }
    kernels_->planes.mix(mix_of(stem.product, memory.pointers_.data(), map.band(),
                                band_of(memory.maps_, map, y), map.stride()));
  }
}

void PlaneNet::run_plain(const Plain& plain, Memory& memory) const {
  const std::span<const float*> pointers(memory.pointers_.data(), plain.in.channels);
  for (std::size_t b = 0; b < plain.in.bands(); ++b) {
    point_at(pointers, band_of(memory.maps_, plain.in, b), plain.in.stride());
    kernels_->planes.mix(mix_of(plain.product, pointers.data(), plain.out.band(),
                                band_of(memory.maps_, plain.out, b), plain.out.stride()));
  }
}

void PlaneNet::run_head(const Head& head, Memory& memory, std::size_t index) const {
  float* x = memory.scratch_.data() + head.scratch;
  for (std::size_t c = 0; c < head.in.channels; ++c) {
    for (std::size_t y = 0; y < head.in.height; ++y) {
      x = std::copy_n(row_of(memory.maps_, head.in, c, y), head.in.width, x);
    }
  }
  x = memory.scratch_.data() + head.scratch;
  float* out = memory.outputs_[index].data();
  if (head.halves.empty()) {
    for (std::size_t n = 0; n < head.outputs; ++n) {
      float sum = head.bias[n];
      for (std::size_t k = 0; k < head.inputs; ++k) sum += head.weights[n * head.inputs + k] * x[k];
      out[n] = sum;
    }
    return;
  }
  kernels_->planes.dense(x, head.inputs, head.halves.data(), head.bias.data(),
                         head.bias.size() / planes::kDenseGroup, out);
}

void PlaneNet::run_block(const Block& block, Memory& memory) const {
  const PlaneMap &in = block.in, &out = block.out;
  const BlockScratch at =
      scratch_of(block, block.entry == Entry::halves, block.entry == Entry::product_of_halves);
  float* const scratch = memory.scratch_.data() + block.scratch;
  const std::size_t front = padded_front(out), stride = out.padded_stride(), middle = block.middle;
  const auto ring = [&](std::size_t band) { return scratch + (band % at.ring_bands) * at.ring_band + front; };
  const float* const zeros = scratch + at.zeros + front;
  float* const spatial = scratch + at.spatial;
  const std::size_t spatial_stride = rounded(out.band());

  // Four planes per channel — even and odd columns of even and odd rows — and, in the map that comes out, the
  // greatest of the four.
  const auto split = [&](std::size_t band, float* to) {
    for (std::size_t c = 0; c < in.channels; ++c) {
      for (std::size_t i = 0; i < (out.flat ? out.height : 1); ++i) {
        const std::size_t y = out.flat ? i : band, shift = i * out.pitch();
        float* const halves[kOutputsOfHalves] = {
            to + c * stride + shift, to + (c + in.channels) * stride + shift,
            to + (c + 2 * in.channels) * stride + shift, to + (c + 3 * in.channels) * stride + shift};
        float* greatest = block.rest == Rest::pooled
                              ? band_of(memory.maps_, out, band) + c * out.stride() + shift
                              : nullptr;
        kernels_->planes.split(row_of(memory.maps_, in, c, 2 * y), row_of(memory.maps_, in, c, 2 * y + 1),
                               out.width, halves, greatest);
      }
    }
  };
  const auto multiply = [&](const float* from, std::size_t from_stride, float* to) {
    const std::span<const float*> pointers(memory.pointers_.data(), block.first.inputs);
    point_at(pointers, from, from_stride);
    kernels_->planes.mix(mix_of(block.first, pointers.data(), out.band(), to, stride));
  };
  const auto bring = [&](std::size_t band) {
    float* const to = ring(band);
    switch (block.entry) {
      case Entry::copy: {
        const float* from = band_of(memory.maps_, in, band);
        for (std::size_t c = 0; c < middle; ++c)
          std::copy_n(from + c * in.stride(), in.band(), to + c * stride);
        break;
      }
      case Entry::product:
        multiply(band_of(memory.maps_, in, band), in.stride(), to);
        break;
      case Entry::product_of_halves: {
        float* const halves = scratch + at.split + front;
        split(band, halves);
        multiply(halves, stride, to);
        break;
      }
      case Entry::halves:
        split(band, to);
        break;
    }
    clear_edges(to, out, block.entry == Entry::halves ? kOutputsOfHalves * middle : middle);
  };
  const auto filter = [&](std::size_t band) {
    const float* const here = ring(band);
    const bool first = band == 0, last = band + 1 == out.bands();
    if (!block.spatial.halves) {
      planes::Depthwise depthwise;
      depthwise.rows[0] = out.flat ? here - out.pitch() : first ? zeros : ring(band - 1);
      depthwise.rows[1] = here;
      depthwise.rows[2] = out.flat ? here + out.pitch() : last ? zeros : ring(band + 1);
      depthwise.stride = stride;
      depthwise.weights = block.spatial.weights.data();
      depthwise.bias = block.spatial.bias.data();
      depthwise.channels = middle;
      depthwise.pixels = out.band();
      depthwise.y = spatial;
      depthwise.y_stride = spatial_stride;
      kernels_->planes.depthwise(depthwise);
      return;
    }
    planes::DepthwiseHalving depthwise;
    const std::size_t half = middle * stride;
    const float* const below = out.flat ? here + out.pitch() : last ? zeros : ring(band + 1);
    for (std::size_t j = 0; j < 2; ++j) {
      depthwise.rows[0][j] = here + j * half;
      depthwise.rows[1][j] = here + (2 + j) * half;
      depthwise.rows[2][j] = !out.flat && last ? zeros : below + j * half;
    }
    depthwise.stride = stride;
    depthwise.weights = block.spatial.weights.data();
    depthwise.bias = block.spatial.bias.data();
    depthwise.channels = middle;
    depthwise.pixels = out.band();
    depthwise.y = spatial;
    depthwise.y_stride = spatial_stride;
    kernels_->planes.depthwise_halving(depthwise);
  };

  bring(0);
  for (std::size_t band = 0; band < out.bands(); ++band) {
    if (band + 1 < out.bands()) bring(band + 1);
    filter(band);
    const std::span<const float*> pointers(memory.pointers_.data(), middle);
    point_at(pointers, spatial, spatial_stride);
    float* const to = band_of(memory.maps_, out, band);
    planes::Mix mix = mix_of(block.last, pointers.data(), out.band(), to, out.stride());
    // In place, the row that is overwritten has been read: the 3×3 already holds the row below.
    mix.added = block.rest == Rest::input ? band_of(memory.maps_, in, band) : to;
    mix.added_stride = block.rest == Rest::input ? in.stride() : out.stride();
    mix.added_outputs = in.channels;
    kernels_->planes.mix(mix);
  }
}

}  // namespace pyro::infer
