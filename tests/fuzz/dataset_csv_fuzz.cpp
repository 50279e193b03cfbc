// Whatever bytes come as a data set's CSV: items or an error that names the file, never more.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include "pyro/datasets/dataset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto input = std::make_unique<std::istringstream>(std::string(data, data + size));
  const pyro::Result<pyro::datasets::Dataset> set =
      pyro::datasets::read_dataset_csv(std::move(input), "none/input.csv");
  if (!set) {
    if (set.error().message.find("none/input.csv") == std::string::npos) std::abort();
    return 0;
  }
  for (const pyro::datasets::Item& item : set->items) {
    if (item.name.empty() || item.is_path == item.face.has_value()) std::abort();
  }
  return 0;
}
