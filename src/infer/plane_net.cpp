#include "plane_net.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <new>
#include <openvino/op/util/max_pool_base.hpp>
#include <openvino/opsets/opset13.hpp>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace pyro::infer {
namespace {

namespace op = ov::opset13;
using planes::kLanes;

constexpr std::size_t kLine = 64;
constexpr std::size_t kOutputsOfHalves = 4;
constexpr std::size_t kTaps = 9;

constexpr std::size_t rounded(std::size_t value) {
  return (value + kLanes - 1) / kLanes * kLanes;
}

// Thrown inside create() only: the graph is not one of ours.
struct Unknown {};
void require(bool holds) {
  if (!holds) throw Unknown{};
}

// The value of something that does not depend on the network's input (weights come as half-precision
// constants behind conversions, transposes and reshapes).
ov::Tensor constant_tensor(const ov::Output<ov::Node>& output) {
  const auto node = output.get_node_shared_ptr();
  if (const auto constant = std::dynamic_pointer_cast<op::Constant>(node)) {
    ov::Tensor tensor(constant->get_element_type(), constant->get_shape());
    std::copy_n(static_cast<const std::uint8_t*>(constant->get_data_ptr()), tensor.get_byte_size(),
                static_cast<std::uint8_t*>(tensor.data()));
    return tensor;
  }
  require(node->get_input_size() > 0);
  ov::TensorVector inputs, outputs;
  for (const auto& input : node->input_values()) inputs.push_back(constant_tensor(input));
  for (const auto& each : node->outputs()) outputs.emplace_back(each.get_element_type(), each.get_shape());
  require(node->evaluate(outputs, inputs));
  return outputs.at(output.get_index());
}

std::vector<float> constant_of(const ov::Output<ov::Node>& output) {
  const ov::Tensor tensor = constant_tensor(output);
  if (tensor.get_element_type() == ov::element::f16) {
    const auto* values = tensor.data<const ov::float16>();
    return {values, values + tensor.get_size()};
  }
  require(tensor.get_element_type() == ov::element::f32);
  const auto* values = tensor.data<const float>();
  return {values, values + tensor.get_size()};
}

bool is_constant(const ov::Output<ov::Node>& output) {
  const auto node = output.get_node_shared_ptr();
  if (std::dynamic_pointer_cast<op::Constant>(node)) return true;
  if (node->get_input_size() == 0) return false;
  const auto inputs = node->input_values();
  return std::ranges::all_of(inputs, is_constant);
}

// A convolution and the bias that is added to it.
template <class Convolution>
struct Biased {
  std::shared_ptr<Convolution> node;
  std::vector<float> bias;

  [[nodiscard]] ov::Output<ov::Node> input() const { return node->input_value(0); }
  [[nodiscard]] ov::Shape weights_shape() const { return node->input_value(1).get_shape(); }
  [[nodiscard]] std::vector<float> weights() const { return constant_of(node->input_value(1)); }
};

template <class Convolution>
std::optional<Biased<Convolution>> biased(const ov::Output<ov::Node>& output) {
  auto node = output.get_node_shared_ptr();
  const std::size_t channels = output.get_shape().at(1);
  std::vector<float> bias(channels, 0.0F);
  if (const auto add = std::dynamic_pointer_cast<op::Add>(node)) {
    if (!is_constant(add->input_value(1))) return std::nullopt;
    bias = constant_of(add->input_value(1));
    node = add->get_input_node_shared_ptr(0);
  }
  const auto convolution = std::dynamic_pointer_cast<Convolution>(node);
  if (!convolution || bias.size() != channels) return std::nullopt;
  require(convolution->get_dilations() == ov::Strides{1, 1});
  return Biased<Convolution>{convolution, std::move(bias)};
}

template <class Convolution>
bool has(const Biased<Convolution>& layer, std::size_t kernel, std::size_t stride, std::ptrdiff_t before,
         std::ptrdiff_t behind) {
  const ov::Shape shape = layer.weights_shape();
  return shape.at(shape.size() - 1) == kernel && shape.at(shape.size() - 2) == kernel &&
         layer.node->get_strides() == ov::Strides{stride, stride} &&
         layer.node->get_pads_begin() == ov::CoordinateDiff{before, before} &&
         layer.node->get_pads_end() == ov::CoordinateDiff{behind, behind};
}

}  // namespace

// ---- memory

AlignedFloats::AlignedFloats(std::size_t size)
    : data_(static_cast<float*>(::operator new (size * sizeof(float), std::align_val_t{kLine}))),
      size_(size) {
  std::fill_n(data_.get(), size_, 0.0F);
}
void AlignedFloats::Free::operator()(float* data) const {
  ::operator delete (data, std::align_val_t{kLine});
}

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

// A band of several channels with zeros around each, in scratch memory. Vectors of a shifted row reach
// `kReach` floats further than the margin.
constexpr std::size_t kReach = 2 * kLanes;
std::size_t padded_front(const PlaneMap& map) {
  return map.margin() + kReach;
}
std::size_t padded_size(const PlaneMap& map, std::size_t channels) {
  return 2 * padded_front(map) + channels * map.padded_stride();
}

// Between a flat map's rows, and behind the last, stands what the vectors happened to write there: zeros
// again.
void clear_edges(float* channel, const PlaneMap& map, std::size_t channels) {
  if (!map.flat) return;
  for (std::size_t c = 0; c < channels; ++c, channel += map.padded_stride()) {
    for (std::size_t y = 0; y < map.height; ++y) channel[y * map.pitch() + map.width] = 0;
    std::fill(channel + map.band(), channel + map.padded_stride(), 0.0F);
  }
}

struct BlockScratch {
  std::size_t ring_bands, ring_band, zeros, split, spatial, total;
};

}  // namespace

// ---- running

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
    if (row < height) kernels_->split_rgb(memory.input_.data() + row * width * 3, width, slot(row), stride);
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
    kernels_->mix(mix_of(stem.product, memory.pointers_.data(), map.band(), band_of(memory.maps_, map, y),
                         map.stride()));
  }
}

void PlaneNet::run_plain(const Plain& plain, Memory& memory) const {
  const std::span<const float*> pointers(memory.pointers_.data(), plain.in.channels);
  for (std::size_t b = 0; b < plain.in.bands(); ++b) {
    point_at(pointers, band_of(memory.maps_, plain.in, b), plain.in.stride());
    kernels_->mix(mix_of(plain.product, pointers.data(), plain.out.band(),
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
  kernels_->dense(x, head.inputs, head.halves.data(), head.bias.data(),
                  head.bias.size() / planes::kDenseGroup, out);
}

namespace {

// What a block needs beside its maps: a ring of bands that the 3×3 reads, a band of zeros for above and below
// the map, the four halves of what comes in, and the 3×3's result.
template <class Block>
BlockScratch scratch_of(const Block& block, bool splits_to_ring, bool splits_to_product) {
  const PlaneMap& map = block.out;
  BlockScratch at{};
  const std::size_t planes = splits_to_ring ? kOutputsOfHalves * block.middle : block.middle;
  at.ring_bands = map.flat ? 1 : splits_to_ring ? 2 : 3;
  at.ring_band = padded_size(map, planes);
  at.zeros = at.ring_bands * at.ring_band;
  at.split = at.zeros + (map.flat ? 0 : padded_size(map, block.middle));
  at.spatial = at.split + (splits_to_product ? padded_size(map, kOutputsOfHalves * block.in.channels) : 0);
  at.total = at.spatial + block.middle * rounded(map.band());
  return at;
}

}  // namespace

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
        kernels_->split(row_of(memory.maps_, in, c, 2 * y), row_of(memory.maps_, in, c, 2 * y + 1), out.width,
                        halves, greatest);
      }
    }
  };
  const auto multiply = [&](const float* from, std::size_t from_stride, float* to) {
    const std::span<const float*> pointers(memory.pointers_.data(), block.first.inputs);
    point_at(pointers, from, from_stride);
    kernels_->mix(mix_of(block.first, pointers.data(), out.band(), to, stride));
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
      kernels_->depthwise(depthwise);
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
    kernels_->depthwise_halving(depthwise);
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
    kernels_->mix(mix);
  }
}

// ---- the form on disk

namespace {

// Raised whenever the fields, the order of the weights or the layout of the memory changes.
constexpr std::string_view kFormat = "planes 1 ";

struct Writer {
  std::string out;

  template <class... T>
  void operator()(T&... values) {
    (write(values), ...);
  }

 private:
  template <class T>
  void write(T& value) {
    if constexpr (requires { value.fields(*this); }) {
      value.fields(*this);
    } else {
      out.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }
  template <class T>
  void write(std::vector<T>& values) {
    std::size_t size = values.size();
    write(size);
    for (T& value : values) write(value);
  }
};

struct Reader {
  std::string_view in;

  template <class... T>
  void operator()(T&... values) {
    (read(values), ...);
  }

 private:
  void bytes(void* to, std::size_t size) {
    require(size <= in.size());
    std::copy_n(in.data(), size, static_cast<char*>(to));
    in.remove_prefix(size);
  }
  template <class T>
  void read(T& value) {
    if constexpr (requires { value.fields(*this); }) {
      value.fields(*this);
    } else {
      bytes(&value, sizeof value);
    }
  }
  template <class T>
  void read(std::vector<T>& values) {
    std::size_t size = 0;
    read(size);
    require(size <= in.size());
    values.resize(size);
    if constexpr (std::is_arithmetic_v<T>) {
      require(size <= in.size() / sizeof(T));
      bytes(values.data(), size * sizeof(T));
    } else {
      for (T& value : values) read(value);
    }
  }
};

}  // namespace

std::string PlaneNet::stored() const {
  Writer writer{std::string(kFormat) + kernels_->name + "\n"};
  PlaneNet copy = *this;  // fields() serves reading as well, so it wants something that could change
  copy.fields(writer);
  return std::move(writer.out);
}

std::optional<PlaneNet> PlaneNet::restore(std::string_view bytes, const planes::Kernels& kernels) {
  const std::string header = std::string(kFormat) + kernels.name + "\n";
  if (!bytes.starts_with(header)) return std::nullopt;
  try {
    PlaneNet net;
    net.kernels_ = &kernels;
    Reader reader{bytes.substr(header.size())};
    net.fields(reader);
    require(reader.in.empty());
    return net;
  } catch (const Unknown&) {
    return std::nullopt;
  }
}

// ---- reading the graph

class PlaneNet::Builder {
 public:
  Builder(PlaneNet& net, const planes::Kernels& kernels) : net_(net), kernels_(kernels) {}

  void build(const ov::Model& graph) {
    net_.kernels_ = &kernels_;
    require(graph.inputs().size() == 1 && graph.input().get_partial_shape().is_static());
    const ov::Shape input = graph.input().get_shape();
    require(input.size() == 4 && input[0] == 1 && input[3] == 3 &&
            graph.input().get_element_type() == ov::element::f32);
    net_.input_shape_ = input;
    for (const auto& result : graph.get_results()) add_head(*result);
  }

 private:
  // The map that this output holds; its steps are added when it is first asked for.
  const PlaneMap& map_of(const ov::Output<ov::Node>& output) {
    const auto known = maps_.find(output.get_node());
    if (known != maps_.end()) return known->second;
    const auto activation = std::dynamic_pointer_cast<op::PRelu>(output.get_node_shared_ptr());
    require(activation != nullptr);
    const auto sum = activation->input_value(0);
    const std::vector<float> slope = slope_of(*activation);
    PlaneMap map;
    if (const auto layer = biased<op::Convolution>(sum)) {
      map = has(*layer, 3, 2, 0, 1) ? add_stem(*layer, slope) : add_plain(*layer, slope);
    } else {
      map = add_block(sum, slope);
    }
    return maps_.emplace(output.get_node(), map).first->second;
  }

  PlaneMap add_stem(const Biased<op::Convolution>& layer, const std::vector<float>& slope) {
    const auto turned = std::dynamic_pointer_cast<op::Transpose>(layer.input().get_node_shared_ptr());
    require(turned && std::dynamic_pointer_cast<op::Parameter>(turned->get_input_node_shared_ptr(0)) &&
            layer.input().get_shape().at(1) == 3);
    Stem stem;
    stem.out = new_map(layer.node->get_output_shape(0));
    require(!stem.out.flat && net_.input_shape_[1] == 2 * stem.out.height &&
            net_.input_shape_[2] == 2 * stem.out.width);
    stem.product = product_of(layer, slope);
    stem.scratch = take_scratch({"stem", 0, 0, 0, 0}, 4 * padded_size(stem.out, 6));
    net_.steps_.push_back({Step::Kind::stem, net_.stems_.size()});
    net_.stems_.push_back(std::move(stem));
    return net_.stems_.back().out;
  }

  PlaneMap add_plain(const Biased<op::Convolution>& layer, const std::vector<float>& slope) {
    require(has(layer, 1, 1, 0, 0));
    Plain plain;
    plain.in = map_of(layer.input());
    plain.out = new_map(layer.node->get_output_shape(0));
    plain.product = product_of(layer, slope);
    net_.steps_.push_back({Step::Kind::plain, net_.plains_.size()});
    net_.plains_.push_back(std::move(plain));
    return net_.plains_.back().out;
  }

  PlaneMap add_block(const ov::Output<ov::Node>& sum, const std::vector<float>& slope) {
    const auto add = std::dynamic_pointer_cast<op::Add>(sum.get_node_shared_ptr());
    require(add != nullptr);
    auto last = biased<op::Convolution>(add->input_value(0));
    const std::size_t other = last ? 1 : 0;
    if (!last) last = biased<op::Convolution>(add->input_value(1));
    require(last && has(*last, 1, 1, 0, 0));
    const auto spatial = biased<op::GroupConvolution>(last->input());
    require(spatial.has_value());

    Block block;
    const auto [source, pooled] = source_of(add->input_value(other));
    block.rest = pooled ? Rest::pooled : Rest::input;
    block.in = map_of(source);
    const ov::Shape shape = sum.get_shape();
    const std::size_t ratio = pooled ? 2 : 1;
    require(block.in.height == ratio * shape.at(2) && block.in.width == ratio * shape.at(3) &&
            block.in.channels <= shape.at(1) && (pooled || block.in.channels == shape.at(1)));

    block.spatial.halves = has(*spatial, 3, 2, 0, 1);
    require(block.spatial.halves || has(*spatial, 3, 1, 1, 1));
    block.spatial.weights = spatial->weights();
    block.spatial.bias = spatial->bias;
    block.middle = spatial->bias.size();
    require(block.spatial.weights.size() == kTaps * block.middle);
    if (spatial->input() == source) {
      require(block.spatial.halves == pooled);
      block.entry = pooled ? Entry::halves : Entry::copy;
    } else {
      const auto activation = std::dynamic_pointer_cast<op::PRelu>(spatial->input().get_node_shared_ptr());
      require(activation && !block.spatial.halves);
      const auto first = biased<op::Convolution>(activation->input_value(0));
      require(first && first->input() == source && has(*first, ratio, ratio, 0, 0));
      block.entry = pooled ? Entry::product_of_halves : Entry::product;
      block.first = product_of(*first, slope_of(*activation));
    }
    block.last = product_of(*last, slope);
    require(block.in.channels % kernels_.block == 0);
    // A map that only this block reads is replaced by its result.
    const bool in_place = !pooled && source.get_target_inputs().size() == 2;
    block.out = in_place ? block.in : new_map(shape);
    block.scratch = take_scratch(
        {"block", static_cast<std::size_t>(block.entry), block.in.channels, block.middle, block.out.width},
        scratch_of(block, block.entry == Entry::halves, block.entry == Entry::product_of_halves).total);
    net_.steps_.push_back({Step::Kind::block, net_.blocks_.size()});
    net_.blocks_.push_back(std::move(block));
    return net_.blocks_.back().out;
  }

  // What is added to a block's product: the map itself, or the greatest of each 2×2 of it, perhaps with
  // channels of zeros behind.
  static std::pair<ov::Output<ov::Node>, bool> source_of(const ov::Output<ov::Node>& added) {
    auto node = added.get_node_shared_ptr();
    if (const auto pad = std::dynamic_pointer_cast<ov::op::util::PadBase>(node)) {
      require(pad->get_pad_mode() == ov::op::PadMode::CONSTANT);
      const ov::CoordinateDiff begin = pad->get_pads_begin(), end = pad->get_pads_end();
      require(begin == ov::CoordinateDiff{0, 0, 0, 0} && end.size() == 4 && end[0] == 0 && end[2] == 0 &&
              end[3] == 0);
      if (pad->get_input_size() > 3) require(constant_of(pad->input_value(3)) == std::vector<float>{0});
      node = pad->get_input_node_shared_ptr(0);
    }
    if (const auto pool = std::dynamic_pointer_cast<ov::op::util::MaxPoolBase>(node)) {
      require(pool->get_kernel() == ov::Shape{2, 2} && pool->get_strides() == ov::Strides{2, 2} &&
              pool->get_pads_begin() == ov::Shape{0, 0} && pool->get_pads_end() == ov::Shape{0, 0});
      return {pool->input_value(0), true};
    }
    require(node == added.get_node_shared_ptr());
    return {added, false};
  }

  void add_head(const op::Result& result) {
    Head head;
    ov::Output<ov::Node> from = result.input_value(0);
    head.shape = from.get_shape();
    while (std::dynamic_pointer_cast<op::Transpose>(from.get_node_shared_ptr()) ||
           std::dynamic_pointer_cast<op::Reshape>(from.get_node_shared_ptr())) {
      from = from.get_node()->input_value(0);
    }
    const auto layer = from.get_shape().size() == 4 ? biased<op::Convolution>(from) : std::nullopt;
    require(layer && layer->node->get_output_shape(0).at(2) == 1 &&
            layer->node->get_output_shape(0).at(3) == 1);
    head.in = map_of(layer->input());
    // The kernel covers the map, so its stride (three, in one of the networks) means nothing.
    require(layer->weights_shape() ==
                ov::Shape{layer->bias.size(), head.in.channels, head.in.height, head.in.width} &&
            layer->node->get_pads_begin() == ov::CoordinateDiff{0, 0} &&
            layer->node->get_pads_end() == ov::CoordinateDiff{0, 0});
    head.outputs = layer->bias.size();
    head.inputs = head.in.channels * head.in.height * head.in.width;
    head.weights = layer->weights();
    head.bias = layer->bias;
    if (head.outputs >= planes::kDenseGroup) pack_halves(head);
    head.scratch = take_scratch({"head", head.inputs, 0, 0, 0}, rounded(head.inputs));
    net_.heads_.push_back(std::move(head));
  }

  // Such a matrix is read once per frame, so what counts is its size. The file has it in half precision.
  static void pack_halves(Head& head) {
    constexpr std::size_t kGroup = planes::kDenseGroup;
    const std::size_t groups = (head.outputs + kGroup - 1) / kGroup;
    head.halves.assign(groups * kGroup * head.inputs, 0);
    head.bias.resize(groups * kGroup, 0.0F);
    for (std::size_t n = 0; n < head.outputs; ++n) {
      for (std::size_t k = 0; k < head.inputs; ++k) {
        const float value = head.weights[n * head.inputs + k];
        const ov::float16 half(value);
        require(static_cast<float>(half) == value);
        head.halves[(n / kGroup * head.inputs + k) * kGroup + n % kGroup] = half.to_bits();
      }
    }
    head.weights.clear();
  }

  static std::vector<float> slope_of(const op::PRelu& activation) {
    std::vector<float> slope = constant_of(activation.input_value(1));
    if (slope.size() == 1) slope.resize(activation.get_output_shape(0).at(1), slope[0]);
    require(slope.size() == activation.get_output_shape(0).at(1));
    return slope;
  }

  // The weights in the order in which the kernels read them. A 2×2 kernel's inputs are the four halves of all
  // channels, one half after the other; a 3×3 kernel's (the stem) all taps of a channel.
  Product product_of(const Biased<op::Convolution>& layer, const std::vector<float>& slope) {
    const ov::Shape shape = layer.weights_shape();
    const std::vector<float> weights = layer.weights();
    const std::size_t outputs = shape[0], channels = shape[1], taps = shape[2] * shape[3];
    const std::size_t block = kernels_.block;
    require(outputs % block == 0 && slope.size() == outputs);
    Product product{channels * taps, outputs, std::vector<float>(weights.size()), layer.bias, slope};
    for (std::size_t n = 0; n < outputs; ++n) {
      for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t tap = 0; tap < taps; ++tap) {
          const std::size_t k = taps == kTaps ? c * taps + tap : tap * channels + c;
          product.weights[(n / block * product.inputs + k) * block + n % block] =
              weights[(n * channels + c) * taps + tap];
        }
      }
    }
    net_.most_inputs_ = std::max(net_.most_inputs_, product.inputs);
    return product;
  }

  PlaneMap new_map(const ov::Shape& shape) {
    require(shape.size() == 4 && shape[0] == 1);
    PlaneMap map{shape[1], shape[2], shape[3], shape[3] % kLanes != 0 || shape[3] < 2 * kLanes, 0};
    map.offset = net_.maps_size_;
    net_.maps_size_ += rounded(map.size());
    return map;
  }

  // Blocks of the same form share their scratch memory: what must be zero in it stays so.
  using Form = std::tuple<std::string, std::size_t, std::size_t, std::size_t, std::size_t>;
  std::size_t take_scratch(const Form& form, std::size_t size) {
    const auto [at, is_new] = scratch_.emplace(form, net_.scratch_size_);
    if (is_new) net_.scratch_size_ += rounded(size);
    return at->second;
  }

  PlaneNet& net_;
  const planes::Kernels& kernels_;
  std::map<const ov::Node*, PlaneMap> maps_;
  std::map<Form, std::size_t> scratch_;
};

std::optional<PlaneNet> PlaneNet::create(const ov::Model& graph, const planes::Kernels& kernels) {
  try {
    PlaneNet net;
    Builder(net, kernels).build(graph);
    return net;
  } catch (const Unknown&) {
    return std::nullopt;
  }
}

}  // namespace pyro::infer
