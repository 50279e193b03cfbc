// Where in a face an expression network sees a class: class activation maps, without gradients.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "pyro/signals/expression_net.hpp"

namespace pyro::signals {

// maps[c], height × width values, rows from the top, cover the 48×48 face: what each place adds to the logit
// of class c, which is their mean plus a constant of the network (Zhou et al. 2016). For such a head Grad-CAM
// before its ReLU (Selvaraju et al. 2017) is the same divided by height × width.
struct ClassMaps {
  records::Expression expression;
  int height = 0, width = 0;
  std::array<std::vector<float>, records::kClasses> maps;
};

// One request, belongs to one thread at a time.
class ClassMapNet {
 public:
  // Errors: those of ExpressionNet::create; wrong_use, the network's head is of another kind.
  [[nodiscard]] static Result<ClassMapNet> create(const infer::ModelStore& models, std::string_view model,
                                                  Head head,
                                                  infer::Precision precision = infer::Precision::f32);

  // `face` as crop::normalise leaves it. Error: the engine failed.
  [[nodiscard]] Result<ClassMaps> read(std::span<const float, crop::kExpressionPixels> face);

 private:
  ClassMapNet(infer::Network network, std::size_t output, std::size_t maps)
      : network_(std::move(network)), output_(output), maps_(maps) {}

  infer::Network network_;
  std::size_t output_, maps_;
};

}  // namespace pyro::signals
