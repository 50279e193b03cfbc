#include "export/class_maps.hpp"

#include <algorithm>
#include <array>

#include "pyro/infer/class_maps.hpp"

namespace pyro::training {

Result<Arrays> class_maps(const std::filesystem::path& xml, const Array& faces) {
  const Result<infer::Model> model = infer::compile_with_class_maps(xml, xml.filename().string());
  if (!model) return tl::make_unexpected(model.error());
  Result<infer::Network> network = infer::Network::create(*model);
  if (!network) return tl::make_unexpected(network.error());
  const std::size_t size = network->input().size();
  if (faces.values.empty() || faces.values.size() % size != 0 || network->output_count() < 4)
    return bad_input(xml.string() + ": is no expression model for these faces");
  const std::size_t first = network->output_count() - 2;
  Arrays out;
  for (std::size_t at = 0; at < faces.values.size(); at += size) {
    std::copy_n(faces.values.begin() + static_cast<std::ptrdiff_t>(at), size, network->input().begin());
    if (Status ran = network->run(); !ran) return tl::make_unexpected(ran.error());
    for (const auto& [i, name] : {std::pair{0, "product"}, std::pair{1, "fer2013"}}) {
      const std::size_t output = first + static_cast<std::size_t>(i);
      Array& maps = out.items[name];
      maps.shape.assign(network->output_shape(output).begin(), network->output_shape(output).end());
      maps.shape[0] = faces.values.size() / size;
      const std::span<const float> values = network->output(output);
      maps.values.insert(maps.values.end(), values.begin(), values.end());
    }
  }
  return out;
}

}  // namespace pyro::training
