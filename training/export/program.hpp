// A trained network as a list of plain steps: the bridge from the process with libtorch to the one with the
// inference engine, which knows nothing of architectures.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "export/arrays.hpp"

namespace pyro::training {

// Each step reads the results of earlier ones. Step 0 is the input [n, 1, 48, 48].
//   input
//   conv      stride, pad; weight [out, in, k, k] and bias [out] in arrays
//   linear    weight [out, in] and bias [out]; flattens what it reads
//   resize    side; bilinear, pixels as areas (the corners of both pictures coincide)
//   relu
//   add       of two steps
//   concat    of two steps, along the channels
//   max_pool, mean_pool   2×2, stride 2
//   mean      over the picture: [n, c]
//   softmax
struct Step {
  std::string op;
  std::vector<int> inputs;
  int stride = 1;
  int pad = 0;
  int side = 0;
};

struct Program {
  std::vector<Step> steps{{"input", {}, 1, 0}};
  Arrays arrays;    // weights: "<step>.weight", "<step>.bias"
  int product = 0;  // steps with the three results
  int fer2013 = 0;
  int embedding = 0;

  // Appends a step and returns its number.
  int add(const std::string& op, std::vector<int> inputs, int stride = 1, int pad = 0);
  int add_resize(int input, int side);
};

// The program as arrays with everything but the weights in `about`, and back. Errors (bad_input): a step that
// reads a later one, an unknown op, a weight missing.
[[nodiscard]] Arrays to_arrays(Program program);
[[nodiscard]] Result<Program> program_of(Arrays arrays);

// Multiply-adds of one face.
[[nodiscard]] std::int64_t multiply_adds(const Program& program);

}  // namespace pyro::training
