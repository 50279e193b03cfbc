// ConvNet out of the engine's reading of a model file.
#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "conv_net.hpp"
#include "graph_reading.hpp"

namespace pyro::infer {
namespace {

namespace op = ov::opset13;
using Biased2d = Biased<op::Convolution>;

// A 3×3 kernel's weights at the places of Winograd's filtering, G·g·Gᵀ, summed in double: [(m+2)²].
std::vector<float> at_places(const float* kernel, std::size_t tile) {
  using Row = std::array<double, 3>;
  static constexpr std::array<Row, 4> kTwo{{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}}};
  static constexpr std::array<Row, 6> kFour{{{1.0 / 4, 0, 0},
                                             {-1.0 / 6, -1.0 / 6, -1.0 / 6},
                                             {-1.0 / 6, 1.0 / 6, -1.0 / 6},
                                             {1.0 / 24, 1.0 / 12, 1.0 / 6},
                                             {1.0 / 24, -1.0 / 12, 1.0 / 6},
                                             {0, 0, 1}}};
  const std::span<const Row> g = tile == 2 ? std::span<const Row>(kTwo) : std::span<const Row>(kFour);
  std::vector<float> places;
  places.reserve(g.size() * g.size());
  for (const Row& down : g) {
    for (const Row& across : g) {
      double sum = 0;
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) sum += down[i] * across[j] * double{kernel[3 * i + j]};
      }
      places.push_back(static_cast<float>(sum));
    }
  }
  return places;
}

// Weights given for [tap][channel][output], in the panels that the kernels read.
template <class Weight>
void append_panels(std::vector<float>& packed, std::size_t taps, std::size_t channels, std::size_t outputs,
                   const Weight& weight) {
  for (std::size_t n = 0; n < outputs; n += conv::kPanel) {
    for (std::size_t t = 0; t < taps; ++t) {
      for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t i = 0; i < conv::kPanel; ++i) packed.push_back(weight(t, c, n + i));
      }
    }
  }
}

}  // namespace

// NOLINTBEGIN(bugprone-unchecked-optional-access): require() has checked them, which tidy does not see.
class ConvNet::Builder {
 public:
  Builder(ConvNet& net, const Kernels& kernels) : net_(net) { net_.kernels_ = &kernels; }

  void build(const ov::Model& graph) {
    require(graph.inputs().size() == 1 && graph.input().get_partial_shape().is_static() &&
            graph.input().get_element_type() == ov::element::f32);
    net_.input_shape_ = graph.input().get_shape();
    require(net_.input_shape_.size() == 4 && net_.input_shape_[0] == 1 && net_.input_shape_[1] == 1);
    for (const auto& result : graph.get_results()) add_head(*result);
    require(has_picture_);
  }

 private:
  ConvMap map_of(const ov::Output<ov::Node>& output) {
    const auto known = maps_.find(output.get_node());
    if (known != maps_.end()) return known->second;
    const auto node = output.get_node_shared_ptr();
    ConvMap map;
    if (const auto pool = std::dynamic_pointer_cast<op::AvgPool>(node)) {
      map = add_halving(*pool);
    } else if (const auto relu = std::dynamic_pointer_cast<op::Relu>(node)) {
      map = add_sum(relu->input_value(0), true);
    } else {
      map = add_sum(output, false);
    }
    return maps_.emplace(output.get_node(), map).first->second;
  }

  // A convolution with its bias, and perhaps a map that is added.
  ConvMap add_sum(const ov::Output<ov::Node>& sum, bool relu) {
    if (const auto alone = biased<op::Convolution>(sum)) return add_convolution(*alone, std::nullopt, relu);
    const auto add = std::dynamic_pointer_cast<op::Add>(sum.get_node_shared_ptr());
    require(add != nullptr);
    auto main = biased<op::Convolution>(add->input_value(0));
    const std::size_t other = main ? 1 : 0;
    if (!main) main = biased<op::Convolution>(add->input_value(1));
    require(main.has_value());
    const ConvMap added = map_of(add->input_value(other));
    return add_convolution(*main, added, relu);
  }

  ConvMap add_convolution(const Biased2d& layer, std::optional<ConvMap> added, bool relu) {
    const ov::Shape shape = layer.weights_shape();
    const std::size_t outputs = shape[0], channels = shape[1], side = shape[2];
    const auto margin = static_cast<std::ptrdiff_t>(side / 2);
    require(side % 2 == 1 && shape[3] == side && outputs % conv::kPanel == 0);
    const std::size_t stride = layer.node->get_strides()[0];
    require(has(layer, side, stride, margin, margin));

    Layer made;
    made.in = input_of(layer.input(), static_cast<std::size_t>(margin));
    require(made.in.channels == channels && made.in.margin >= static_cast<std::size_t>(margin));
    const std::size_t unread = made.in.margin - static_cast<std::size_t>(margin);
    made.first = made.in.offset + unread * (made.in.row() + channels);
    made.stride = stride;
    made.out = new_map(layer.node->get_output_shape(0));
    if (added) {
      require(added->channels == outputs && added->height == made.out.height &&
              added->width == made.out.width && added->margin == made.out.margin);
      made.added = added;
    }
    made.bias = layer.bias;
    made.relu = relu;
    made.tile = tile_for(made, side);
    const std::vector<float> weights = layer.weights();
    const auto kernel = [&](std::size_t c, std::size_t n) {
      return weights.data() + (n * channels + c) * side * side;
    };
    if (made.tile == 0) {
      for (std::size_t i = 0; i < side * side; ++i)
        made.taps.push_back(i / side * made.in.row() + i % side * channels);
      append_panels(made.weights, side * side, channels, outputs,
                    [&](std::size_t t, std::size_t c, std::size_t n) { return kernel(c, n)[t]; });
    } else {
      made.taps = {0};
      std::vector<std::vector<float>> places(channels * outputs);
      for (std::size_t i = 0; i < places.size(); ++i)
        places[i] = at_places(kernel(i / outputs, i % outputs), made.tile);
      const std::size_t count = (made.tile + 2) * (made.tile + 2);
      for (std::size_t place = 0; place < count; ++place) {
        append_panels(made.weights, 1, channels, outputs, [&](std::size_t, std::size_t c, std::size_t n) {
          return places[c * outputs + n][place];
        });
      }
      const std::size_t tiles = made.out.height / made.tile * (made.out.width / made.tile);
      net_.places_size_ = std::max(net_.places_size_, count * tiles * channels);
      net_.products_size_ = std::max(net_.products_size_, count * tiles * outputs);
    }
    net_.layers_.push_back(std::move(made));
    return net_.layers_.back().out;
  }

  // Tiles of 4×4 need fewer products, but 2.25 times the weights of 2×2; with few tiles these are what is
  // waited for.
  static std::size_t tile_for(const Layer& layer, std::size_t side) {
    constexpr std::size_t kEnoughTiles = 9;
    const bool fits = side == 3 && layer.stride == 1 && layer.in.margin == 1 &&
                      layer.in.channels % conv::kChannels == 0 && layer.in.height == layer.out.height &&
                      layer.in.width == layer.out.width;
    const auto tiles = [&](std::size_t tile) {
      return layer.out.height % tile == 0 && layer.out.width % tile == 0
                 ? layer.out.height / tile * (layer.out.width / tile)
                 : 0;
    };
    if (fits && tiles(4) >= kEnoughTiles) return 4;
    return fits && tiles(2) > 0 ? 2 : 0;
  }

  ConvMap add_halving(const op::AvgPool& pool) {
    Layer made;
    made.in = map_of(pool.input_value(0));
    require(pool.get_kernel() == ov::Shape{2, 2} && pool.get_strides() == ov::Strides{2, 2} &&
            pool.get_pads_begin() == ov::Shape{0, 0} && pool.get_pads_end() == ov::Shape{0, 0} &&
            made.in.height % 2 == 0 && made.in.width % 2 == 0 && made.in.channels % conv::kChannels == 0);
    made.out = new_map(pool.get_output_shape(0));
    net_.layers_.push_back(made);
    return made.out;
  }

  // The picture gets the margin that its one reader needs.
  ConvMap input_of(const ov::Output<ov::Node>& output, std::size_t margin) {
    if (!std::dynamic_pointer_cast<op::Parameter>(output.get_node_shared_ptr())) return map_of(output);
    require(!has_picture_);
    has_picture_ = true;
    net_.picture_ = new_map(output.get_shape(), margin);
    return net_.picture_;
  }

  void add_head(const op::Result& result) {
    Head head;
    ov::Output<ov::Node> from = result.input_value(0);
    head.shape = from.get_shape();
    if (const auto softmax = std::dynamic_pointer_cast<op::Softmax>(from.get_node_shared_ptr())) {
      require(softmax->get_axis() == 1);
      const auto add = std::dynamic_pointer_cast<op::Add>(softmax->get_input_node_shared_ptr(0));
      require(add && is_constant(add->input_value(1)));
      const auto product = std::dynamic_pointer_cast<op::MatMul>(add->get_input_node_shared_ptr(0));
      require(product && !product->get_transpose_a() && product->get_transpose_b());
      head.bias = constant_of(add->input_value(1));
      head.weights = constant_of(product->input_value(1));
      from = product->input_value(0);
    }
    const auto mean = std::dynamic_pointer_cast<op::ReduceMean>(from.get_node_shared_ptr());
    require(mean && mean->get_reduction_axes() == ov::AxisSet{2, 3});
    const ConvMap map = map_of(mean->input_value(0));
    require(net_.heads_.empty() || map.offset == net_.last_.offset);
    net_.last_ = map;
    require(head.weights.size() == head.bias.size() * map.channels &&
            (head.weights.empty() ? head.shape == ov::Shape{1, map.channels}
                                  : head.shape == ov::Shape{1, head.bias.size()}));
    net_.heads_.push_back(std::move(head));
  }

  ConvMap new_map(const ov::Shape& shape, std::size_t margin = 1) {
    require(shape.size() == 4 && shape[0] == 1);
    ConvMap map{shape[1], shape[2], shape[3], margin, net_.maps_size_};
    net_.maps_size_ += (map.size() + conv::kChannels - 1) / conv::kChannels * conv::kChannels;
    return map;
  }

  ConvNet& net_;
  std::map<const ov::Node*, ConvMap> maps_;
  bool has_picture_ = false;
};
// NOLINTEND(bugprone-unchecked-optional-access)

std::optional<ConvNet> ConvNet::create(const ov::Model& graph, const Kernels& kernels) {
  return unless_unknown([&] {
    ConvNet net;
    Builder(net, kernels).build(graph);
    return net;
  });
}

}  // namespace pyro::infer
