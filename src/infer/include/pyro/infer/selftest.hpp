// A model's recorded self-test: what it answered to a few reference inputs when it was taken in. A network
// whose files are whole and which still answers otherwise (another graph, another record, a runner that does
// not fit) is not used.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/infer/network.hpp"

namespace pyro::infer {

struct SelfTestCase {
  std::string what;          // of the input, for messages
  std::vector<float> input;  // in the shape of the network's first input
  std::vector<std::vector<float>> outputs;
};

struct SelfTest {
  std::vector<SelfTestCase> cases;
  // Largest difference allowed of any value, as a share of the output's largest expected value where that is
  // above 1.
  double tolerance_f32 = 5e-5;
  double tolerance_bf16 = 0.05;
};

// docs/formats.md, "selftest.json". Errors (bad_input, naming `name_in_messages`): no JSON, another schema, a
// key missing, no case, a value that is not finite, a tolerance outside 0..0.5.
[[nodiscard]] Result<SelfTest> parse_self_test(std::string_view text, std::string_view name_in_messages);
[[nodiscard]] std::string self_test_text(const SelfTest& test);

// Errors (failed): the model takes or gives other sizes, or answers otherwise; the message says which case,
// which output, how far.
[[nodiscard]] Status run_self_test(const Model& model, const SelfTest& test, Precision precision);

// The answers of this model to synthetic inputs (no picture of anybody): a gradient, rings, blocks and noise
// by `seed`. A network that runs in 8 bits gets bf16's tolerance throughout. Errors: the network's input has
// no fixed shape (failed), an answer is not finite (bad_input).
[[nodiscard]] Result<SelfTest> make_self_test(const Model& model, std::uint64_t seed);

}  // namespace pyro::infer
