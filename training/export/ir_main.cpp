// pyrometer-ir WEIGHTS MODEL.xml [CALLS]: the second half of `pyrometer-train export`, in a process without
// libtorch. Prints one line of JSON: the differences from libtorch and the time a face takes. Fails if they
// differ too much.
#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "export/ir.hpp"

namespace {

using namespace pyro;
using namespace pyro::training;

constexpr float kLargestDifference = 1e-4F;

Result<nlohmann::json> convert(const char* weights, const char* xml, int calls) {
  Result<Arrays> arrays = read_arrays(weights);
  if (!arrays) {
    return tl::make_unexpected(arrays.error());
  }
  auto model = build_model(*arrays);
  if (!model) {
    return tl::make_unexpected(model.error());
  }
  if (Status saved = save_model(*model, xml); !saved) {
    return tl::make_unexpected(saved.error());
  }
  nlohmann::json report;
  for (const auto& [name, arithmetic] :
       {std::pair{"f32", Arithmetic::f32}, std::pair{"bf16", Arithmetic::bf16}}) {
    Result<nlohmann::json> differences = compare(xml, *arrays, arithmetic);
    if (!differences) {
      return differences;
    }
    report[name]["largest_difference"] = *differences;
    if (calls > 0) {
      Result<nlohmann::json> times = time_calls(xml, arithmetic, calls);
      if (!times) {
        return times;
      }
      report[name]["time"] = *times;
    }
  }
  const nlohmann::json& differences = report["f32"]["largest_difference"];
  for (const char* name : {"product", "fer2013"}) {
    // Written so that a NaN fails too.
    if (!(differences[name].get<float>() < kLargestDifference)) {
      return failed(std::string(xml) + ": answers otherwise than the trained network: " + differences.dump() +
                    "; do not use it");
    }
  }
  return report;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::cerr << "usage: pyrometer-ir WEIGHTS MODEL.xml [CALLS TO TIME]\n";
    return 2;
  }
  const Result<nlohmann::json> report =
      convert(argv[1], argv[2], argc == 4 ? std::max(0, std::atoi(argv[3])) : 0);
  if (!report) {
    std::cerr << "pyrometer-ir: " << report.error().text() << '\n';
    return exit_code(report.error().code);
  }
  std::cout << report->dump() << '\n';
  return 0;
}
