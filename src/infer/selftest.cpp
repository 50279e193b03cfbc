#include "pyro/infer/selftest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <span>

#include "engine.hpp"

namespace pyro::infer {
namespace {

constexpr std::string_view kSelftestSchema = "pyrometer-selftest/1";
constexpr double kLargestTolerance = 0.5;

// The double whose shortest text is the float's: 0.1 instead of 0.10000000149.
double as_written(float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  double read = 0;
  std::from_chars(text.data(), end, read);
  return read;
}

nlohmann::ordered_json as_written(std::span<const float> values) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const float value : values) list.push_back(as_written(value));
  return list;
}

std::vector<float> floats_of(const nlohmann::json& list) {
  std::vector<float> values;
  values.reserve(list.size());
  for (const nlohmann::json& value : list) {
    values.push_back(value.get<float>());
    if (!std::isfinite(values.back())) throw std::out_of_range("a value that is not finite");
  }
  return values;
}

double tolerance_of(const nlohmann::json& root, const char* precision) {
  const double value = root.at("tolerance").at(precision).get<double>();
  if (!(value > 0 && value <= kLargestTolerance))
    throw std::out_of_range(std::string("tolerance ") + precision + " must be above 0 and at most 0.5");
  return value;
}

tl::unexpected<Error> refused(const Model& model, const std::string& why) {
  return failed("model " + model.name() + "@" + model.version() + " fails its recorded self-test: " + why +
                "; it is not used. Take another version (`./run models list`) or go back (`./run models "
                "rollback`)");
}

// 64 pseudo-random bits of a seed and a position (SplitMix64, Steele et al. 2014): the same on every machine.
std::uint64_t mixed(std::uint64_t seed, std::uint64_t position) {
  std::uint64_t x = seed + 0x9E3779B97F4A7C15ULL * (position + 1);
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31U);
}

// A picture of mean 0 and deviation 1 in steps of 1/100, which keeps the file short.
std::vector<float> picture_of(std::size_t values, std::size_t width, auto level) {
  std::vector<double> levels(values);
  for (std::size_t i = 0; i < values; ++i) levels[i] = level(i % width, i / width);
  double mean = 0, square = 0;
  for (const double value : levels) mean += value / static_cast<double>(values);
  for (const double value : levels) square += (value - mean) * (value - mean) / static_cast<double>(values);
  const double deviation = std::max(std::sqrt(square), 1e-6);
  std::vector<float> picture(values);
  std::ranges::transform(levels, picture.begin(), [&](double value) {
    return static_cast<float>(std::round((value - mean) / deviation * 100) / 100);
  });
  return picture;
}

std::vector<SelfTestCase> synthetic_inputs(const std::vector<std::size_t>& shape, std::uint64_t seed) {
  std::size_t values = 1;
  for (const std::size_t side : shape) values *= side;
  const std::size_t width = shape.back(), height = values / width;
  const double w = static_cast<double>(width), h = static_cast<double>(height);
  const auto uniform = [&](std::size_t x, std::size_t y, std::uint64_t plane) {
    return static_cast<double>(mixed(seed + plane, y * width + x) >> 11U) * 0x1p-53;
  };
  std::vector<SelfTestCase> cases;
  cases.push_back({"gradient",
                   picture_of(values, width,
                              [&](auto x, auto y) {
                                return static_cast<double>(x) / w + 0.5 * static_cast<double>(y) / h;
                              }),
                   {}});
  cases.push_back({"rings",
                   picture_of(values, width,
                              [&](auto x, auto y) {
                                const double r = std::hypot(static_cast<double>(x) - w / 2,
                                                            (static_cast<double>(y) - h / 2) * w / h);
                                return std::cos(2 * std::numbers::pi * r / (w / 4));
                              }),
                   {}});
  cases.push_back(
      {"blocks", picture_of(values, width, [&](auto x, auto y) { return uniform(x / 6, y / 6, 1); }), {}});
  cases.push_back({"noise", picture_of(values, width, [&](auto x, auto y) { return uniform(x, y, 2); }), {}});
  return cases;
}

// Whether the engine runs parts of it in 8 bits. A float's last bit may then decide over a whole level, and
// processors differ in last bits.
bool runs_in_integers(const Model& model) {
  const auto* compiled = std::get_if<ov::CompiledModel>(&model.impl().compiled);
  if (compiled == nullptr) return false;
  const auto nodes = compiled->get_runtime_model()->get_ops();
  return std::ranges::any_of(nodes, [](const auto& node) {
    const auto found = node->get_rt_info().find("runtimePrecision");
    if (found == node->get_rt_info().end()) return false;
    const auto precision = found->second.template as<std::string>();
    return precision == "i8" || precision == "u8";
  });
}

}  // namespace

Result<SelfTest> parse_self_test(std::string_view text, std::string_view name_in_messages) {
  const std::string name(name_in_messages);
  try {
    const nlohmann::json root = nlohmann::json::parse(text);
    if (root.at("schema") != kSelftestSchema)
      return bad_input(name + ": schema must be " + std::string(kSelftestSchema) +
                       "; this program reads no other");
    SelfTest test;
    test.tolerance_f32 = tolerance_of(root, "f32");
    test.tolerance_bf16 = tolerance_of(root, "bf16");
    for (const nlohmann::json& each : root.at("cases")) {
      SelfTestCase& one = test.cases.emplace_back();
      one.what = each.at("what").get<std::string>();
      one.input = floats_of(each.at("input"));
      for (const nlohmann::json& output : each.at("outputs")) one.outputs.push_back(floats_of(output));
      if (one.outputs.empty())
        return bad_input(name + ": case " + one.what + " expects nothing; make it anew");
    }
    if (test.cases.empty()) return bad_input(name + ": holds no case; make it anew");
    return test;
  } catch (const std::exception& error) {  // the library's own, and what the values are refused for
    return bad_input(name + ": cannot be read as a self-test; make it anew (`./run models add`)",
                     error.what());
  }
}

std::string self_test_text(const SelfTest& test) {
  nlohmann::ordered_json root{{"schema", kSelftestSchema},
                              {"tolerance", {{"f32", test.tolerance_f32}, {"bf16", test.tolerance_bf16}}}};
  root["cases"] = nlohmann::ordered_json::array();
  for (const SelfTestCase& one : test.cases) {
    nlohmann::ordered_json outputs = nlohmann::ordered_json::array();
    for (const std::vector<float>& output : one.outputs) outputs.push_back(as_written(output));
    root["cases"].push_back(
        {{"what", one.what}, {"input", as_written(one.input)}, {"outputs", std::move(outputs)}});
  }
  return root.dump() + "\n";
}

Status run_self_test(const Model& model, const SelfTest& test, Precision precision) {
  const double tolerance = precision == Precision::f32 ? test.tolerance_f32 : test.tolerance_bf16;
  Result<Network> network = Network::create(model);
  if (!network) return tl::make_unexpected(network.error());
  for (const SelfTestCase& one : test.cases) {
    const std::span<float> input = network->input();
    if (input.size() != one.input.size() || network->output_count() != one.outputs.size()) {
      return refused(model, "case " + one.what + " is for a network with " +
                                std::to_string(one.input.size()) + " input values and " +
                                std::to_string(one.outputs.size()) + " outputs");
    }
    std::ranges::copy(one.input, input.begin());
    if (Status ran = network->run(); !ran) return ran;
    for (std::size_t i = 0; i < one.outputs.size(); ++i) {
      const std::vector<float>& expected = one.outputs[i];
      const std::span<const float> given = network->output(i);
      if (given.size() != expected.size())
        return refused(model, "output " + std::to_string(i) + " has " + std::to_string(given.size()) +
                                  " values instead of " + std::to_string(expected.size()));
      double scale = 1;
      for (const float value : expected) scale = std::max(scale, std::abs(static_cast<double>(value)));
      for (std::size_t k = 0; k < expected.size(); ++k) {
        const double difference =
            std::abs(static_cast<double>(given[k]) - static_cast<double>(expected[k])) / scale;
        if (difference <= tolerance) continue;  // not for a NaN
        std::array<char, 96> text{};
        std::snprintf(text.data(), text.size(), ", output %zu differs by %.2g, allowed are %.2g", i,
                      difference, tolerance);
        return refused(model, "case " + one.what + text.data());
      }
    }
  }
  return {};
}

Result<SelfTest> make_self_test(const Model& model, std::uint64_t seed) {
  Result<Network> network = Network::create(model);
  if (!network) return tl::make_unexpected(network.error());
  const std::vector<std::size_t>& shape = network->input_shape();
  if (shape.size() < 2 || network->input().empty()) {
    return failed("model " + model.name() +
                  ": no self-test can be made for it: its input has no fixed shape; "
                  "put a selftest.json beside it");
  }
  SelfTest test;
  if (runs_in_integers(model)) test.tolerance_f32 = test.tolerance_bf16;
  test.cases = synthetic_inputs(shape, seed);
  for (SelfTestCase& one : test.cases) {
    std::ranges::copy(one.input, network->input().begin());
    if (Status ran = network->run(); !ran) return tl::make_unexpected(ran.error());
    for (std::size_t i = 0; i < network->output_count(); ++i) {
      const std::span<const float> output = network->output(i);
      if (std::ranges::any_of(output, [](float value) { return !std::isfinite(value); }))
        return bad_input("model " + model.name() + ": answers " + one.what +
                         " with a value that is not finite; train or export it again");
      one.outputs.emplace_back(output.begin(), output.end());
    }
  }
  return test;
}

}  // namespace pyro::infer
