#include "conv_net.hpp"

#include <algorithm>
#include <cmath>

namespace pyro::infer {

ConvNet::Memory::Memory(const ConvNet& net)
    : input_(ov::shape_size(net.input_shape_)),
      maps_(net.maps_size_),
      places_(net.places_size_),
      products_(net.products_size_),
      mean_(net.last_.channels) {
  for (const Head& head : net.heads_) outputs_.emplace_back(ov::shape_size(head.shape));
}

void ConvNet::run(Memory& memory) const {
  for (std::size_t y = 0; y < picture_.height; ++y) {
    std::copy_n(memory.input_.data() + y * picture_.width, picture_.width,
                memory.maps_.data() + picture_.at(y, 0));
  }
  for (const Layer& layer : layers_) {
    if (layer.weights.empty()) {
      run_halving(layer, memory);
    } else if (layer.tile == 0) {
      run_direct(layer, memory);
    } else {
      run_tiles(layer, memory);
    }
  }
  run_heads(memory);
}

void ConvNet::run_direct(const Layer& layer, Memory& memory) const {
  conv::Product product;
  product.x_stride = layer.stride * layer.in.channels;
  product.pixels = layer.out.width;
  product.taps = layer.taps.data();
  product.tap_count = layer.taps.size();
  product.channels = layer.in.channels;
  product.outputs = layer.out.channels;
  product.weights = layer.weights.data();
  product.bias = layer.bias.data();
  product.relu = layer.relu;
  product.y_stride = layer.out.channels;
  float* const maps = memory.maps_.data();
  for (std::size_t y = 0; y < layer.out.height; ++y) {
    product.x = maps + layer.first + y * layer.stride * layer.in.row();
    product.added = layer.added ? maps + layer.added->at(y, 0) : nullptr;
    product.y = maps + layer.out.at(y, 0);
    kernels_->conv.product(product);
  }
}

void ConvNet::run_tiles(const Layer& layer, Memory& memory) const {
  float* const maps = memory.maps_.data();
  const std::size_t side = layer.tile + 2;
  conv::Tiles tiles;
  tiles.map = maps + layer.first;
  tiles.row = layer.in.row();
  tiles.channels = layer.in.channels;
  tiles.across = layer.out.width / layer.tile;
  tiles.down = layer.out.height / layer.tile;
  tiles.places = memory.places_.data();
  (layer.tile == 2 ? kernels_->conv.split2 : kernels_->conv.split4)(tiles);

  conv::Product product;
  product.x_stride = layer.in.channels;
  product.pixels = tiles.across * tiles.down;
  product.taps = layer.taps.data();
  product.tap_count = 1;
  product.channels = layer.in.channels;
  product.outputs = layer.out.channels;
  product.y_stride = layer.out.channels;
  for (std::size_t place = 0; place < side * side; ++place) {
    product.x = memory.places_.data() + place * product.pixels * layer.in.channels;
    product.weights = layer.weights.data() + place * layer.in.channels * layer.out.channels;
    product.y = memory.products_.data() + place * product.pixels * layer.out.channels;
    kernels_->conv.product(product);
  }

  tiles.map = maps + layer.out.at(0, 0);
  tiles.row = layer.out.row();
  tiles.channels = layer.out.channels;
  tiles.places = memory.products_.data();
  tiles.bias = layer.bias.data();
  tiles.added = layer.added ? maps + layer.added->at(0, 0) : nullptr;
  tiles.relu = layer.relu;
  (layer.tile == 2 ? kernels_->conv.join2 : kernels_->conv.join4)(tiles);
}

void ConvNet::run_halving(const Layer& layer, Memory& memory) const {
  float* const maps = memory.maps_.data();
  for (std::size_t y = 0; y < layer.out.height; ++y) {
    kernels_->conv.halve(maps + layer.in.at(2 * y, 0), maps + layer.in.at(2 * y + 1, 0), layer.out.width,
                         layer.out.channels, maps + layer.out.at(y, 0));
  }
}

void ConvNet::run_heads(Memory& memory) const {
  std::vector<float>& mean = memory.mean_;
  std::ranges::fill(mean, 0.0F);
  for (std::size_t y = 0; y < last_.height; ++y) {
    for (std::size_t x = 0; x < last_.width; ++x) {
      const float* pixel = memory.maps_.data() + last_.at(y, x);
      for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += pixel[c];
    }
  }
  for (float& value : mean) value /= static_cast<float>(last_.height * last_.width);
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    const Head& head = heads_[i];
    std::vector<float>& out = memory.outputs_[i];
    if (head.weights.empty()) {
      std::ranges::copy(mean, out.begin());
      continue;
    }
    for (std::size_t n = 0; n < out.size(); ++n) {
      out[n] = head.bias[n];
      for (std::size_t c = 0; c < mean.size(); ++c) out[n] += head.weights[n * mean.size() + c] * mean[c];
    }
    const float greatest = std::ranges::max(out);
    float sum = 0;
    for (float& value : out) sum += value = std::exp(value - greatest);
    for (float& value : out) value /= sum;
  }
}

}  // namespace pyro::infer
