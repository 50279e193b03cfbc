// PlaneNet out of the engine's reading of a model file.
#include <algorithm>
#include <array>
#include <map>
#include <openvino/op/util/max_pool_base.hpp>
#include <tuple>
#include <utility>

#include "graph_reading.hpp"
#include "plane_layout.hpp"
#include "plane_net.hpp"

namespace pyro::infer {

using namespace planes;

namespace op = ov::opset13;

// NOLINTBEGIN(bugprone-unchecked-optional-access): require() has checked them, which tidy does not see.
class PlaneNet::Builder {
 public:
  Builder(PlaneNet& net, const Kernels& kernels) : net_(net), kernels_(kernels) {}

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
    const ov::Shape& shape = sum.get_shape();
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
    require(block.in.channels % kernels_.planes.block == 0);
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
    const std::size_t block = kernels_.planes.block;
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
  const Kernels& kernels_;
  std::map<const ov::Node*, PlaneMap> maps_;
  std::map<Form, std::size_t> scratch_;
};

// NOLINTEND(bugprone-unchecked-optional-access)

std::optional<PlaneNet> PlaneNet::create(const ov::Model& graph, const Kernels& kernels) {
  return unless_unknown([&] {
    PlaneNet net;
    Builder(net, kernels).build(graph);
    return net;
  });
}

}  // namespace pyro::infer
