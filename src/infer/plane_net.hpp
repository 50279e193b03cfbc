// The mesh networks' own runner. They are made of one kind of block — [1×1 or 2×2/2] → 3×3 per channel → 1×1,
// plus what came in, then PReLU — on maps that are large and have few channels. A general engine computes
// them layer by layer through memory and with half-empty vectors; here a block's rows go through the
// first-level cache, and a vector holds pixels of one channel. Same sums in float32; only their order
// differs. Private to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <openvino/openvino.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aligned_floats.hpp"
#include "kernels.hpp"

namespace pyro::infer {

// A channel's plane of a map. Wide maps are stored row by row — [height][channels][width] — and handled one
// row at a time; narrow ones ("flat") channel by channel, rows one float apart so that a vector may run over
// several of them: [channels][height][width + 1].
struct PlaneMap {
  std::size_t channels = 0, height = 0, width = 0;
  bool flat = false;
  std::size_t offset = 0;  // in the request's memory

  void fields(auto& archive) { archive(channels, height, width, flat, offset); }
  [[nodiscard]] std::size_t pitch() const { return flat ? width + 1 : width; }  // between rows of a band
  [[nodiscard]] std::size_t band() const { return flat ? height * (width + 1) : width; }  // pixels in a band
  [[nodiscard]] std::size_t bands() const { return flat ? 1 : height; }
  [[nodiscard]] std::size_t margin() const;         // floats around a band that may be read
  [[nodiscard]] std::size_t stride() const;         // between channels of a map
  [[nodiscard]] std::size_t padded_stride() const;  // between channels of a band with zeros around it
  [[nodiscard]] std::size_t size() const;
};

// The network's fixed part: what is done in which order, and the weights. Any number of threads may run it,
// each with memory of its own.
class PlaneNet {
 public:
  // nullopt: the graph has a layer that this runner does not know, or the kernels cannot take its sizes; the
  // engine then runs it as it stands. May throw what the engine throws.
  static std::optional<PlaneNet> create(const ov::Model& graph, const Kernels& kernels);

  // Its form on disk, which spares the next start the reading of the graph. restore() trusts what it gets to
  // be whole (the cache has checked that); nullopt: it was written for other kernels or by another version.
  [[nodiscard]] std::string stored() const;
  static std::optional<PlaneNet> restore(std::string_view bytes, const Kernels& kernels);

  [[nodiscard]] const std::vector<std::size_t>& input_shape() const { return input_shape_; }
  [[nodiscard]] std::size_t outputs() const { return heads_.size(); }
  [[nodiscard]] const std::vector<std::size_t>& output_shape(std::size_t index) const;

  class Memory {
   public:
    explicit Memory(const PlaneNet& net);
    [[nodiscard]] std::span<float> input() { return input_.span(); }
    [[nodiscard]] std::span<const float> output(std::size_t index) const;

   private:
    friend class PlaneNet;
    AlignedFloats input_, maps_, scratch_;
    std::vector<AlignedFloats> outputs_;
    std::vector<std::size_t> output_sizes_;
    std::vector<const float*> pointers_;
  };
  void run(Memory& memory) const;

 private:
  class Builder;

  struct Product {  // a 1×1 convolution, or one that was brought to that form
    std::size_t inputs = 0, outputs = 0;
    std::vector<float> weights, bias, slope;  // slope is empty: linear
    void fields(auto& archive) { archive(inputs, outputs, weights, bias, slope); }
  };
  struct Spatial {  // 3×3 per channel
    bool halves = false;
    std::vector<float> weights, bias;
    void fields(auto& archive) { archive(halves, weights, bias); }
  };
  // How a block's 3×3 gets its input.
  enum class Entry { copy, product, product_of_halves, halves };
  enum class Rest { input, pooled };  // what is added to its product
  struct Block {
    PlaneMap in, out;
    Entry entry{};
    Rest rest{};
    Product first;  // unused for copy and halves
    Spatial spatial;
    Product last;
    std::size_t middle = 0;  // channels of the 3×3
    std::size_t scratch = 0;
    void fields(auto& archive) { archive(in, out, entry, rest, first, spatial, last, middle, scratch); }
  };
  struct Stem {  // 3×3, stride 2, from RGB
    PlaneMap out;
    Product product;
    std::size_t scratch = 0;
    void fields(auto& archive) { archive(out, product, scratch); }
  };
  struct Plain {
    PlaneMap in, out;
    Product product;
    void fields(auto& archive) { archive(in, out, product); }
  };
  struct Head {
    PlaneMap in;
    std::vector<std::size_t> shape;
    std::size_t inputs = 0, outputs = 0;
    std::vector<float> weights;  // [outputs][inputs]; where there are many, instead of that:
    std::vector<std::uint16_t> halves;
    std::vector<float> bias;
    std::size_t scratch = 0;
    void fields(auto& archive) { archive(in, shape, inputs, outputs, weights, halves, bias, scratch); }
  };
  struct Step {
    enum class Kind { stem, block, plain } kind{};
    std::size_t index = 0;
    void fields(auto& archive) { archive(kind, index); }
  };
  void fields(auto& archive) {
    archive(input_shape_, maps_size_, scratch_size_, most_inputs_, steps_, stems_, blocks_, plains_, heads_);
  }

  void run_stem(const Stem& stem, Memory& memory) const;
  void run_plain(const Plain& plain, Memory& memory) const;
  void run_block(const Block& block, Memory& memory) const;
  void run_head(const Head& head, Memory& memory, std::size_t index) const;

  const Kernels* kernels_ = nullptr;
  std::vector<std::size_t> input_shape_;
  std::size_t maps_size_ = 0, scratch_size_ = 0, most_inputs_ = 0;
  std::vector<Step> steps_;
  std::vector<Stem> stems_;
  std::vector<Block> blocks_;
  std::vector<Plain> plains_;
  std::vector<Head> heads_;
};

}  // namespace pyro::infer
