// Any bytes as a task bundle: must neither crash nor give an entry outside them.
#include <cstdlib>

#include "pyro/infer/task_bundle.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  const auto bundle = pyro::infer::TaskBundle::parse(bytes, "fuzz");
  if (!bundle) return 0;
  for (const auto& entry : bundle->entries()) {
    if (entry.bytes.size() > size || entry.bytes.data() < data ||
        entry.bytes.data() + entry.bytes.size() > data + size) {
      std::abort();
    }
    if (!bundle->find(entry.name)) std::abort();
  }
  return 0;
}
