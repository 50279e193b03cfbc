// The expression network's own runner: residual networks of 3×3 convolutions on small maps. A general engine
// computes each sum as it is written; here 3×3 convolutions of stride 1 go by Winograd's minimal filtering,
// with 2.25 to 4 times fewer products. Same sums in float32 up to rounding (about 1e-6 of the largest value).
// Private to the room.
#pragma once

#include <cstddef>
#include <openvino/openvino.hpp>
#include <optional>
#include <span>
#include <vector>

#include "aligned_floats.hpp"
#include "kernels.hpp"

namespace pyro::infer {

// [height + 2·margin][width + 2·margin][channels], zeros in the margin.
struct ConvMap {
  std::size_t channels = 0, height = 0, width = 0, margin = 1;
  std::size_t offset = 0;  // in the request's memory

  [[nodiscard]] std::size_t row() const { return (width + 2 * margin) * channels; }
  [[nodiscard]] std::size_t size() const { return (height + 2 * margin) * row(); }
  // Of a pixel; coordinates of the map without its margin.
  [[nodiscard]] std::size_t at(std::size_t y, std::size_t x) const {
    return offset + (y + margin) * row() + (x + margin) * channels;
  }
};

class ConvNet {
 public:
  // nullopt: the graph has a layer that this runner does not know, or sizes that the kernels cannot take.
  static std::optional<ConvNet> create(const ov::Model& graph, const Kernels& kernels);

  [[nodiscard]] const std::vector<std::size_t>& input_shape() const { return input_shape_; }
  [[nodiscard]] std::size_t outputs() const { return heads_.size(); }
  [[nodiscard]] const std::vector<std::size_t>& output_shape(std::size_t index) const {
    return heads_.at(index).shape;
  }

  class Memory {
   public:
    explicit Memory(const ConvNet& net);
    [[nodiscard]] std::span<float> input() { return input_.span(); }
    [[nodiscard]] std::span<const float> output(std::size_t index) const { return outputs_.at(index); }

   private:
    friend class ConvNet;
    AlignedFloats input_, maps_, places_, products_;
    std::vector<float> mean_;
    std::vector<std::vector<float>> outputs_;
  };
  void run(Memory& memory) const;

 private:
  class Builder;

  struct Layer {  // a convolution, or (no weights) the mean of each 2×2
    ConvMap in, out;
    std::optional<ConvMap> added;
    std::size_t stride = 1;
    std::size_t tile = 0;              // of Winograd's filtering; 0: summed as written
    std::size_t first = 0;             // in the request's memory: what the tap at the top left reads first
    std::vector<std::size_t> taps;     // offsets from the tap at the top left; of that, (0)
    std::vector<float> weights, bias;  // weights as the kernels read them
    bool relu = false;
  };
  struct Head {
    std::vector<std::size_t> shape;
    std::vector<float> weights, bias;  // [outputs][mean]; empty: the mean itself
  };

  void run_direct(const Layer& layer, Memory& memory) const;
  void run_tiles(const Layer& layer, Memory& memory) const;
  void run_halving(const Layer& layer, Memory& memory) const;
  void run_heads(Memory& memory) const;

  const Kernels* kernels_ = nullptr;
  std::vector<std::size_t> input_shape_;
  ConvMap picture_, last_;
  std::size_t maps_size_ = 0, places_size_ = 0, products_size_ = 0;
  std::vector<Layer> layers_;
  std::vector<Head> heads_;
};

}  // namespace pyro::infer
