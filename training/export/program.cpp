#include "export/program.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace pyro::training {
namespace {

constexpr std::array kOps = {"input",  "conv",     "linear",    "resize", "relu",   "add",
                             "concat", "max_pool", "mean_pool", "mean",   "softmax"};

}  // namespace

int Program::add(const std::string& op, std::vector<int> inputs, int stride, int pad) {
  steps.push_back({op, std::move(inputs), stride, pad});
  return static_cast<int>(steps.size()) - 1;
}

int Program::add_resize(int input, int side) {
  const int number = add("resize", {input});
  steps.back().side = side;
  return number;
}

Arrays to_arrays(Program program) {
  nlohmann::json steps = nlohmann::json::array();
  for (const Step& step : program.steps) {
    steps.push_back({{"op", step.op},
                     {"inputs", step.inputs},
                     {"stride", step.stride},
                     {"pad", step.pad},
                     {"side", step.side}});
  }
  Arrays arrays = std::move(program.arrays);
  arrays.about["steps"] = std::move(steps);
  arrays.about["product"] = program.product;
  arrays.about["fer2013"] = program.fer2013;
  arrays.about["embedding"] = program.embedding;
  return arrays;
}

Result<Program> program_of(Arrays arrays) {
  const std::string advice = "; export again from the run's folder";
  Program program;
  program.steps.clear();
  try {
    for (const nlohmann::json& entry : arrays.about.at("steps")) {
      Step step{entry.at("op").get<std::string>(), entry.at("inputs").get<std::vector<int>>(),
                entry.at("stride").get<int>(), entry.at("pad").get<int>(), entry.value("side", 0)};
      const auto number = static_cast<int>(program.steps.size());
      const std::string name = "step " + std::to_string(number) + " (" + step.op + ")";
      if (std::find(kOps.begin(), kOps.end(), step.op) == kOps.end()) {
        return bad_input("the network's description has an unknown " + name + advice);
      }
      if ((step.op == "input") != (number == 0) ||
          std::any_of(step.inputs.begin(), step.inputs.end(),
                      [&](int input) { return input < 0 || input >= number; })) {
        return bad_input("in the network's description " + name + " reads what is not there yet" + advice);
      }
      if (step.op == "resize" && (step.side < 1 || step.side > 1024)) {
        return bad_input("in the network's description " + name + " has no side" + advice);
      }
      for (const char* part : {".weight", ".bias"}) {
        if ((step.op == "conv" || step.op == "linear") &&
            !arrays.items.contains(std::to_string(number) + part)) {
          return bad_input("in the network's description " + name + " has no" + part + advice);
        }
      }
      program.steps.push_back(std::move(step));
    }
    for (auto [member, name] :
         {std::pair{&Program::product, "product"}, std::pair{&Program::fer2013, "fer2013"},
          std::pair{&Program::embedding, "embedding"}}) {
      program.*member = arrays.about.at(name).get<int>();
      if (program.*member < 0 || static_cast<std::size_t>(program.*member) >= program.steps.size()) {
        return bad_input(std::string("the network's description has no result ") + name + advice);
      }
    }
  } catch (const nlohmann::json::exception& error) {
    return bad_input("the network's description cannot be read" + advice, error.what());
  }
  program.arrays = std::move(arrays);
  return program;
}

std::int64_t multiply_adds(const Program& program) {
  std::vector<std::int64_t> side(program.steps.size(), 48);
  std::int64_t total = 0;
  for (std::size_t i = 1; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    side[i] = side[static_cast<std::size_t>(step.inputs.front())];
    const auto weight = program.arrays.items.find(std::to_string(i) + ".weight");
    if (step.op == "conv") {
      const auto size = static_cast<std::int64_t>(weight->second.shape[2]);
      side[i] = (side[i] + 2 * step.pad - size) / step.stride + 1;
      total += static_cast<std::int64_t>(weight->second.values.size()) * side[i] * side[i];
    } else if (step.op == "linear") {
      total += static_cast<std::int64_t>(weight->second.values.size());
    } else if (step.op == "resize") {
      side[i] = step.side;
    } else if (step.op == "max_pool" || step.op == "mean_pool") {
      side[i] /= 2;
    }
  }
  return total;
}

}  // namespace pyro::training
